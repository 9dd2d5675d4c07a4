//! The bus contract suite.
