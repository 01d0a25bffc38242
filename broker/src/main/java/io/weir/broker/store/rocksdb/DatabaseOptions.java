package io.weir.broker.store.rocksdb;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/**
 * How RocksDB is set up. Its memory is bounded: write buffers and block cache together
 * take about 200 MiB at most, however many topics there are. What is not set here is left
 * at its default on purpose, above all how the write-ahead log is recovered.
 */
final class DatabaseOptions implements AutoCloseable {

	private static final long KIB = 1024;

	private static final long MIB = 1024 * KIB;

	private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();

	private final boolean create;

	private final LRUCache blockCache = own(new LRUCache(64 * MIB));

	/**
	 * Creates the options.
	 * @param create whether a database that is missing is created
	 */
	DatabaseOptions(boolean create) {
		this.create = create;
	}

	DBOptions database() {
		return own(new DBOptions()).setCreateIfMissing(this.create)
			.setCreateMissingColumnFamilies(this.create)
			.setMaxOpenFiles(FileDescriptors.forTables())
			.setDbWriteBufferSize(128 * MIB)
			.setMaxTotalWalSize(64 * MIB)
			.setBytesPerSync(MIB)
			// After a write has failed the database is opened again: RocksDB need not
			// try.
			.setMaxBgErrorResumeCount(0)
			.setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
			.setMaxLogFileSize(4 * MIB)
			.setKeepLogFileNum(4)
			.setStatsDumpPeriodSec(0)
			.setStatsPersistPeriodSec(0);
	}

	/** In the order of {@link Column}. */
	List<ColumnFamilyDescriptor> families() {
		return Arrays.stream(Column.values())
			.map((column) -> new ColumnFamilyDescriptor(column.familyName(), family(column)))
			.toList();
	}

	private ColumnFamilyOptions family(Column column) {
		boolean log = column == Column.LOG;
		return own(new ColumnFamilyOptions()).setCompressionType(CompressionType.LZ4_COMPRESSION)
			.setWriteBufferSize((log ? 32 : 8) * MIB)
			.setMaxWriteBufferNumber(log ? 3 : 2)
			.setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(this.blockCache)
				.setBlockSize((log ? 32 : 4) * KIB)
				.setCacheIndexAndFilterBlocks(true)
				.setPinL0FilterAndIndexBlocksInCache(true));
	}

	private <T extends AbstractNativeReference> T own(T resource) {
		this.owned.push(resource);
		return resource;
	}

	/** Releases native memory; the database must be closed before. */
	@Override
	public void close() {
		this.owned.forEach(AbstractNativeReference::close);
		this.owned.clear();
	}

}
