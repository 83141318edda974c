//! rails_compat
