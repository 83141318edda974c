//! The functions that synthesis needs, from additions and multiplications alone: the system's own
//! differ in their last digits between machines, but the files must not.

/// The sine of a phase in turns.
pub fn sine(turns: f64) -> f64 {
    let turn = turns - (turns + 0.5).floor();
    // Fold to a quarter turn on either side, where the series needs few terms.
    let folded = if turn > 0.25 {
        0.5 - turn
    } else if turn < -0.25 {
        -0.5 - turn
    } else {
        turn
    };
    let x = folded * std::f64::consts::TAU;
    let square = x * x;
    let mut term = x;
    let mut sum = x;
    for n in 1..8 {
        let n = f64::from(n);
        term *= -square / ((2.0 * n) * (2.0 * n + 1.0));
        sum += term;
    }
    sum
}

/// The cosine of a phase in turns.
pub fn cosine(turns: f64) -> f64 {
    sine(turns + 0.25)
}

/// Two to the power of `x`, for the range that sound needs.
pub fn exp2(x: f64) -> f64 {
    let x = x.clamp(-1000.0, 1000.0);
    let whole = (x + 0.5).floor();
    let rest = (x - whole) * std::f64::consts::LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..14 {
        term *= rest / f64::from(n);
        sum += term;
    }
    // Integer powers are set directly as the exponent.
    sum * f64::from_bits(((whole as i64 + 1023) as u64) << 52)
}

/// The hyperbolic tangent, for soft clipping.
pub fn tanh(x: f64) -> f64 {
    let e = exp2(x.clamp(-20.0, 20.0) * 2.0 * std::f64::consts::LOG2_E);
    (e - 1.0) / (e + 1.0)
}

/// The frequency of a key: 69 is 440 Hz; fractions are allowed.
pub fn hertz(key: f64) -> f64 {
    440.0 * exp2((key - 69.0) / 12.0)
}

/// Converts decibels to a factor.
pub fn decibels(db: f64) -> f64 {
    exp2(db * std::f64::consts::LOG2_10 / 20.0)
}

/// Linear interpolation through points of time and value, constant beyond both ends.
pub fn line(points: &[(f64, f64)], t: f64) -> f64 {
    let Some(&(first, value)) = points.first() else { return 0.0 };
    if t <= first {
        return value;
    }
    for pair in points.windows(2) {
        let ((t0, v0), (t1, v1)) = (pair[0], pair[1]);
        if t < t1 {
            return v0 + (v1 - v0) * (t - t0) / (t1 - t0);
        }
    }
    points.last().map_or(0.0, |point| point.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_match_the_standard_library() {
        for step in -400..400 {
            let x = f64::from(step) / 37.0;
            assert!((sine(x) - (x * std::f64::consts::TAU).sin()).abs() < 1e-6, "sine {x}");
            assert!((exp2(x) / x.exp2() - 1.0).abs() < 1e-12, "exp2 {x}");
            assert!((tanh(x) - x.tanh()).abs() < 1e-9, "tanh {x}");
        }
        assert!((decibels(-6.0) - 0.501_187).abs() < 1e-5);
        assert!((hertz(57.0) - 220.0).abs() < 1e-9);
    }

    #[test]
    fn lines_are_constant_beyond_their_ends() {
        let points = [(1.0, 10.0), (2.0, 20.0), (4.0, 0.0)];
        assert_eq!([0.0, 1.5, 3.0, 9.0].map(|t| line(&points, t)), [10.0, 15.0, 10.0, 0.0]);
    }
}
