//! The whole product, exercised through its public face: one binary so that it links once.
