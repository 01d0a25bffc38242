/**
 * The storage engine that keeps everything in one RocksDB in a data directory. One thread
 * commits what all topics want written, a few others read.
 */
@NullMarked
package io.weir.broker.store.rocksdb;

import org.jspecify.annotations.NullMarked;
