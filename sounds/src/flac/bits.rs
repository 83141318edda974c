//! A bit writer, and FLAC's checksums.

/// Bits, most significant first.
#[derive(Default, Clone)]
pub struct Bits {
    bytes: Vec<u8>,
    open: u64,
    count: u32,
}

impl Bits {
    /// Appends the lowest `width` bits of `value`.
    pub fn put(&mut self, value: u64, width: u32) {
        for at in (0..width).rev() {
            self.open = (self.open << 1) | ((value >> at) & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.open as u8);
                (self.open, self.count) = (0, 0);
            }
        }
    }

    /// Appends a signed integer in two's complement.
    pub fn put_signed(&mut self, value: i64, width: u32) {
        self.put(value as u64, width);
    }

    /// Appends an integer in UTF-8's encoding.
    pub fn put_utf8(&mut self, number: u64) {
        match number {
            0..0x80 => self.put(number, 8),
            0x80..0x800 => {
                self.put(0b110, 3);
                self.put(number >> 6, 5);
                self.put(0b10, 2);
                self.put(number, 6);
            }
            _ => {
                self.put(0b1110, 4);
                self.put(number >> 12, 4);
                self.put(0b10, 2);
                self.put(number >> 6, 6);
                self.put(0b10, 2);
                self.put(number, 6);
            }
        }
    }

    /// Appends a Rice-coded integer: the part above `parameter` bits in unary, the rest in binary.
    pub fn put_rice(&mut self, number: i64, parameter: u32) {
        let encoded = zigzag(number);
        for _ in 0..encoded >> parameter {
            self.put(0, 1);
        }
        self.put(1, 1);
        self.put(encoded, parameter);
    }

    /// Returns the bytes, the last one padded with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
        self.bytes
    }
}

/// Zigzag encoding: maps small positive and negative integers to small unsigned ones.
pub fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// The checksum of a frame header.
pub fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { (crc << 1) ^ 0x07 })
    })
}

/// The checksum of a whole frame.
pub fn crc16(bytes: &[u8]) -> u16 {
    let step = |crc: u16| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x8005 };
    bytes.iter().fold(0, |crc, &byte| (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_checksums() {
        assert_eq!(crc8(b"123456789"), 0xF4);
        assert_eq!(crc16(b"123456789"), 0xFEE8);
    }

    #[test]
    fn bits_fill_bytes_from_the_top() {
        let mut bits = Bits::default();
        bits.put(0b101, 3);
        bits.put_rice(-1, 1);
        bits.put(1, 1);
        assert_eq!(bits.finish(), [0b1011_1100]);
    }
}
