package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether RocksDB may compact its tables. When compaction meets a damaged block, RocksDB
 * takes no more writes of any topic, and would meet the block again after each start. So
 * that is noted in the data directory, and the database is opened without compaction from
 * then on: the topics whose entries are damaged say so, and all others go on.
 */
final class Compaction extends AbstractEventListener {

	private static final Logger logger = LoggerFactory.getLogger(Compaction.class);

	private final Path note;

	Compaction(Path directory) {
		super(EnabledEventCallback.ON_BACKGROUND_ERROR);
		this.note = directory.resolve(LogFiles.ASIDE).resolve("compaction");
	}

	/** Whether no damaged block was met. */
	boolean isAllowed() {
		return !Files.exists(this.note);
	}

	@Override
	public void onBackgroundError(BackgroundErrorReason reason, Status status) {
		if (reason == BackgroundErrorReason.COMPACTION && status.getCode() == Status.Code.Corruption) {
			stop(status.getState());
		}
	}

	private void stop(String problem) {
		logger.error("Compaction met damaged data: {}. There will be none any more; topics whose entries are damaged"
				+ " say so when they are read, the others go on. {} notes that", problem, this.note);
		try {
			Files.createDirectories(this.note.getParent());
			Files.writeString(this.note, problem);
		}
		catch (IOException ex) {
			logger.error("{} cannot be written, so compaction will be tried again after the next start", this.note, ex);
		}
	}

}
