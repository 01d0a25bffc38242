/**
 * What a bad network and a full one do to latency: streams beside each other against one
 * stream, and pings beside a transfer.
 */
@NullMarked
package io.weir.benchmarks.network;

import org.jspecify.annotations.NullMarked;
