/**
 * Compares the pool with others: throughput, allocation, fairness.
 */
@NullMarked
package io.weir.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
