package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;

/**
 * How RocksDB is set up. Its memory is bounded: write buffers and block cache together
 * take about 200 MiB at most, however many topics there are. What is not set here is left
 * at its default on purpose.
 */
final class DatabaseOptions implements AutoCloseable {

	private static final long KIB = 1024;

	private static final long MIB = 1024 * KIB;

	private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();

	private final Opening opening;

	private final LRUCache blockCache = own(new LRUCache(64 * MIB));

	private final Compaction compaction;

	private final NewestLog newestLog;

	/**
	 * Creates the options.
	 * @param directory the data directory
	 * @param opening for what the database is opened
	 */
	DatabaseOptions(Path directory, Opening opening) {
		this.opening = opening;
		this.compaction = own(new Compaction(directory));
		this.newestLog = own(new NewestLog(directory));
	}

	NewestLog newestLog() {
		return this.newestLog;
	}

	/** Whether tables may be compacted. */
	boolean isCompacting() {
		return this.compaction.isAllowed();
	}

	DBOptions database() {
		return own(recovery()).setCreateIfMissing(this.opening.creates())
			.setCreateMissingColumnFamilies(this.opening.creates())
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
			.setStatsPersistPeriodSec(0)
			.setListeners(List.of(this.compaction, this.newestLog));
	}

	/**
	 * {@link LogFiles} has cut off what a crash left half written, so that all that is
	 * there must be whole; the manifest and the logs themselves know which logs there
	 * must be.
	 */
	private DBOptions recovery() {
		if (this.opening == Opening.SALVAGE) {
			return new DBOptions().setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);
		}
		Properties verified = new Properties();
		verified.setProperty("track_and_verify_wals_in_manifest", "true");
		verified.setProperty("track_and_verify_wals", "true");
		return Objects.requireNonNull(DBOptions.getDBOptionsFromProps(verified), "RocksDB does not know the options")
			.setWalRecoveryMode(WALRecoveryMode.AbsoluteConsistency);
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
			.setDisableAutoCompactions(!this.compaction.isAllowed())
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
