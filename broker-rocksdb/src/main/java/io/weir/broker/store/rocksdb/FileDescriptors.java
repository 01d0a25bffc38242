package io.weir.broker.store.rocksdb;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/** How many files may be open at a time. */
final class FileDescriptors {

	private static final int MOST = 512;

	/** RocksDB takes no less. */
	private static final int LEAST = 20;

	/** What the store may take of those that the process may have. */
	private static final int SHARE = 4;

	private FileDescriptors() {
	}

	/** How many files with tables may be kept open: a part of the process's limit. */
	static int forTables() {
		boolean limited = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean;
		return limited ? forTables(limit()) : MOST;
	}

	static int forTables(long limit) {
		return (int) Math.max(LEAST, Math.min(MOST, limit / SHARE));
	}

	private static long limit() {
		return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
	}

}
