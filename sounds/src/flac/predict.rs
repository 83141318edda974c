//! Prediction of a block's samples by the best of several filters, and the Rice coding of the
//! residuals.

use super::bits::{Bits, zigzag};

/// Precision of a linear predictor's coefficients in bits.
const PRECISION: u32 = 12;
/// Orders of the linear predictors that are tried.
const ORDERS: [usize; 6] = [2, 4, 6, 8, 10, 12];
/// The largest Rice parameter in the 4-bit form; 15 is the escape code.
const MAX_PARAMETER: u32 = 14;
/// A block is split into at most two to the power of this many partitions, each with its own Rice
/// parameter.
const MAX_PARTITION: u32 = 4;
/// FLAC's fixed predictors.
const FIXED: [&[i64]; 5] = [&[], &[1], &[2, -1], &[3, -3, 1], &[4, -6, 4, -1]];

/// A predictor and its residuals.
pub struct Prediction {
    filter: Vec<i64>,
    shift: u32,
    is_linear: bool,
    residuals: Vec<i64>,
    coding: Coding,
}

/// The partitions of the residuals and their Rice parameters.
struct Coding {
    order: u32,
    parameters: Vec<u32>,
    bits: u64,
}

impl Prediction {
    /// Chooses the predictor that needs the fewest bits.
    pub fn best(samples: &[i64], depth: u32) -> Self {
        let fixed = FIXED
            .iter()
            .filter(|filter| filter.len() < samples.len())
            .map(|filter| Self::new(filter.to_vec(), 0, false, samples));
        let is_linear =
            fit(samples).into_iter().map(|(filter, shift)| Self::new(filter, shift, true, samples));
        let plain = || Self::new(Vec::new(), 0, false, samples);
        fixed.chain(is_linear).min_by_key(|prediction| prediction.cost(depth)).unwrap_or_else(plain)
    }

    fn new(filter: Vec<i64>, shift: u32, is_linear: bool, samples: &[i64]) -> Self {
        let order = filter.len();
        let predicted = |at: usize| {
            (filter
                .iter()
                .zip(samples[..at].iter().rev())
                .map(|(factor, sample)| factor * sample)
                .sum::<i64>())
                >> shift
        };
        let residuals =
            (order..samples.len()).map(|at| samples[at] - predicted(at)).collect::<Vec<_>>();
        let coding = Coding::best(&residuals, order);
        Self { filter, shift, is_linear, residuals, coding }
    }

    fn cost(&self, depth: u32) -> u64 {
        let order = self.filter.len() as u64;
        let head = order * u64::from(depth)
            + if self.is_linear { 9 + order * u64::from(PRECISION) } else { 0 };
        head + self.coding.bits
    }

    /// The subframe type.
    pub fn kind(&self) -> u64 {
        let order = self.filter.len() as u64;
        if self.is_linear { 0b10_0000 + order - 1 } else { 0b00_1000 + order }
    }

    /// Appends the content of the subframe.
    pub fn write(&self, bits: &mut Bits, samples: &[i64], depth: u32) {
        let order = self.filter.len();
        samples[..order].iter().for_each(|&sample| bits.put_signed(sample, depth));
        if self.is_linear {
            bits.put(u64::from(PRECISION - 1), 4);
            bits.put(u64::from(self.shift), 5);
            self.filter.iter().for_each(|&factor| bits.put_signed(factor, PRECISION));
        }
        bits.put(0, 2);
        bits.put(u64::from(self.coding.order), 4);
        for (part, &parameter) in
            parts(&self.residuals, order, self.coding.order).zip(&self.coding.parameters)
        {
            bits.put(u64::from(parameter), 4);
            part.iter().for_each(|&number| bits.put_rice(number, parameter));
        }
    }
}

impl Coding {
    fn best(residuals: &[i64], filter: usize) -> Self {
        let block = residuals.len() + filter;
        let allowed = |order: &u32| {
            *order == 0 || (block.is_multiple_of(1 << order) && block >> order > filter)
        };
        let all = (0..=MAX_PARTITION).filter(allowed).map(|order| {
            let chosen = parts(residuals, filter, order).map(parameter).collect::<Vec<_>>();
            let bits = chosen.iter().map(|(_, bits)| bits + 4).sum();
            Self {
                order,
                parameters: chosen.into_iter().map(|(parameter, _)| parameter).collect(),
                bits,
            }
        });
        all.min_by_key(|coding| coding.bits).unwrap_or(Self {
            order: 0,
            parameters: vec![0],
            bits: u64::MAX,
        })
    }
}

/// Splits the residuals into two to the power of `order` partitions; the first is shorter by the
/// predictor's warm-up samples.
fn parts(residuals: &[i64], filter: usize, order: u32) -> impl Iterator<Item = &[i64]> {
    let size = (residuals.len() + filter) >> order;
    (0..1_usize << order).map(move |part| {
        &residuals[(part * size).saturating_sub(filter)..((part + 1) * size).saturating_sub(filter)]
    })
}

/// The Rice parameter that needs the fewest bits, and those bits.
fn parameter(part: &[i64]) -> (u32, u64) {
    let cost = |parameter: u32| {
        part.iter()
            .map(|&number| (zigzag(number) >> parameter) + 1 + u64::from(parameter))
            .sum::<u64>()
    };
    (0..=MAX_PARAMETER)
        .map(|parameter| (parameter, cost(parameter)))
        .min_by_key(|(_, cost)| *cost)
        .unwrap_or((0, 0))
}

/// Linear predictors of several orders, fitted by the Levinson–Durbin recursion over the
/// autocorrelation, with integer coefficients.
fn fit(samples: &[i64]) -> Vec<(Vec<i64>, u32)> {
    let longest = ORDERS[ORDERS.len() - 1];
    if samples.len() <= longest * 4 {
        return Vec::new();
    }
    let middle = (samples.len() as f64 - 1.0) / 2.0;
    let window = |at: usize| {
        1.0 - ((at as f64 - middle) / (middle + 1.0)) * ((at as f64 - middle) / (middle + 1.0))
    };
    let windowed = samples
        .iter()
        .enumerate()
        .map(|(at, &sample)| sample as f64 * window(at))
        .collect::<Vec<_>>();
    let correlation = (0..=longest)
        .map(|lag| {
            windowed[lag..].iter().zip(&windowed).map(|(one, other)| one * other).sum::<f64>()
        })
        .collect::<Vec<_>>();
    let (mut filter, mut error, mut found) =
        (Vec::<f64>::new(), correlation[0] * 1.000_000_1, Vec::new());
    for order in 1..=longest {
        if error <= 0.0 {
            break;
        }
        let missed = correlation[order]
            - filter
                .iter()
                .enumerate()
                .map(|(at, factor)| factor * correlation[order - 1 - at])
                .sum::<f64>();
        let reflection = missed / error;
        let before = filter.clone();
        filter
            .iter_mut()
            .zip(before.iter().rev())
            .for_each(|(factor, mirrored)| *factor -= reflection * mirrored);
        filter.push(reflection);
        error *= 1.0 - reflection * reflection;
        if ORDERS.contains(&order) {
            found.extend(whole(&filter));
        }
    }
    found
}

/// Quantizes the coefficients to integers over a power of two.
fn whole(filter: &[f64]) -> Option<(Vec<i64>, u32)> {
    let limit = f64::from(1_u32 << (PRECISION - 1)) - 1.0;
    let largest = filter.iter().fold(0.0, |largest: f64, factor| largest.max(factor.abs()));
    let shift = (0..=14_u32).rev().find(|shift| largest * f64::from(1_u32 << shift) <= limit)?;
    Some((
        filter.iter().map(|factor| (factor * f64::from(1_u32 << shift)).round() as i64).collect(),
        shift,
    ))
}
