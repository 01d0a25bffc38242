package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.rocksdb.AbstractEventListener;
import org.rocksdb.MemTableInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes which file of the write-ahead log is the newest: RocksDB itself would not notice
 * that it is missing. The note is on the disk before anything is confirmed that is in the
 * file, and is written when a new file is begun, not with every write. The newest file is
 * never deleted before a newer one is there.
 */
final class NewestLog extends AbstractEventListener {

	static final String FILE = "newest-log";

	private static final Logger logger = LoggerFactory.getLogger(NewestLog.class);

	private final Path directory;

	/** Whether there may be a newer file than the note says. */
	private volatile boolean stale = true;

	NewestLog(Path directory) {
		super(EnabledEventCallback.ON_MEMTABLE_SEALED);
		this.directory = directory;
	}

	/** What the directory's note says; empty if there is none. */
	static String noted(Path directory) throws IOException {
		Path note = directory.resolve(FILE);
		return Files.exists(note) ? Files.readString(note).strip() : "";
	}

	/** Whenever RocksDB begins a file of the log it begins a table in memory. */
	@Override
	public void onMemTableSealed(MemTableInfo info) {
		this.stale = true;
	}

	/**
	 * Sees to it that the note is right. If it cannot be written now, what was stored is
	 * stored all the same: that is logged, and tried again with the next write.
	 */
	void update() {
		if (!this.stale) {
			return;
		}
		this.stale = false;
		try {
			String newest = LogFiles.newest(this.directory);
			if (!newest.equals(noted(this.directory))) {
				write(newest);
			}
		}
		catch (IOException ex) {
			this.stale = true;
			logger.warn("The newest file of the write-ahead log in {} could not be noted: {}", this.directory,
					ex.toString());
		}
	}

	private void write(String newest) throws IOException {
		// Not a note of a file that a loss of power could take away.
		forceDirectory();
		Path fresh = this.directory.resolve(FILE + ".new");
		try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			channel.write(StandardCharsets.US_ASCII.encode(newest));
			channel.force(true);
		}
		Files.move(fresh, this.directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE,
				StandardCopyOption.REPLACE_EXISTING);
		forceDirectory();
	}

	/** Not all systems can. */
	private void forceDirectory() {
		try (FileChannel channel = FileChannel.open(this.directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
		catch (IOException ex) {
			logger.debug("{} cannot be synced", this.directory, ex);
		}
	}

}
