package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;

/**
 * The files of the write-ahead log, checked before RocksDB reads them: it would take
 * damage in the middle for the end, and for some bytes look at the same place for ever (a
 * fragment of a type that is recycled, longer than what is left of the file). What a
 * crash has left half written at the very end is cut off; a copy of it is kept.
 */
final class LogFiles {

	/** Below the data directory; keeps what was cut off. */
	static final String ASIDE = "damaged";

	/** What can be done when there is no copy. */
	static final String SALVAGE = "start the broker once with 'salvage' (weir.broker.salvage)";

	private static final Logger logger = LoggerFactory.getLogger(LogFiles.class);

	private final Path directory;

	private final List<LogFile> files = new ArrayList<>();

	private LogFiles(Path directory) {
		this.directory = directory;
	}

	/**
	 * Sees to it that every record is whole.
	 * @param directory the data directory
	 * @param salvage whether to go on without what is damaged and all that follows it,
	 * rather than to refuse that
	 * @throws StorageException if records are damaged that others follow, or if there is
	 * no log at all
	 */
	static void check(Path directory, boolean salvage) {
		LogFiles logs = new LogFiles(directory);
		try {
			logs.checkManifest();
			logs.read(salvage);
			logs.repair(salvage);
		}
		catch (IOException ex) {
			throw logs.unreadable(ex);
		}
	}

	private StorageException unreadable(IOException ex) {
		return new StorageException(Kind.UNAVAILABLE,
				"The write-ahead log in " + this.directory + " cannot be read: " + ex, ex);
	}

	/**
	 * Reads the files and changes nothing.
	 * @param directory the data directory
	 * @return the files, of which the last ones may end in what a crash has left half
	 * written
	 * @throws StorageException if records are damaged that others follow, or if there is
	 * no log at all
	 */
	static List<LogFile> verify(Path directory) {
		LogFiles logs = new LogFiles(directory);
		try {
			LogFile manifest = logs.readManifest();
			if (manifest != null && !manifest.isIntact()) {
				throw new StorageException("The list of the files in " + directory
						+ " ends in what a crash has left half written. The next start of a broker cuts that off",
						null);
			}
			logs.read(false);
			for (LogFile each : logs.files) {
				if (!each.isIntact() && !logs.isTorn(each)) {
					throw logs.refusal(each, logs.after(each));
				}
			}
			return logs.files;
		}
		catch (IOException ex) {
			throw logs.unreadable(ex);
		}
	}

	/** How many bytes the files have. */
	static long bytes(Path directory) {
		try {
			return list(directory).stream().mapToLong((file) -> file.toFile().length()).sum();
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/**
	 * The list of RocksDB's files has the form of a log, with the same danger. If its
	 * last record is missing RocksDB sees what files do not belong together.
	 */
	private void checkManifest() throws IOException {
		LogFile manifest = readManifest();
		if (manifest != null && !manifest.isIntact()) {
			cut(manifest);
		}
	}

	private @Nullable LogFile readManifest() throws IOException {
		Path current = this.directory.resolve("CURRENT");
		String name = Files.exists(current) ? Files.readString(current, StandardCharsets.ISO_8859_1).strip() : "";
		Path file = name.matches("MANIFEST-[0-9]+") ? this.directory.resolve(name) : current;
		if (file.equals(current) || !Files.exists(file)) {
			return null; // RocksDB says what is wrong, if there is a database.
		}
		LogFile manifest = LogFile.read(file);
		if (manifest.goodAfter() >= 0) {
			throw new StorageException(Kind.DAMAGED, "The list of the files in " + this.directory + ", " + name
					+ ", is damaged after byte " + manifest.intactSize() + ". Restore the directory from a copy", null);
		}
		return manifest;
	}

	private void read(boolean salvage) throws IOException {
		List<Path> paths = list(this.directory);
		if (paths.isEmpty() && !salvage && Files.exists(this.directory.resolve("CURRENT"))) {
			throw new StorageException(Kind.DAMAGED, "The write-ahead log in " + this.directory + " is missing. Restore"
					+ " the files *.log from a copy; or " + SALVAGE + ", which goes on without what was stored last",
					null);
		}
		String noted = NewestLog.noted(this.directory);
		if (!salvage && !paths.isEmpty() && newest(paths).compareTo(noted) < 0) {
			throw new StorageException(Kind.DAMAGED,
					"Of the write-ahead log in " + this.directory + " the newest file, " + noted
							+ " or a later one, is missing. Restore it from a copy; or " + SALVAGE
							+ ", which goes on without what was stored last",
					null);
		}
		for (Path file : paths) {
			this.files.add(LogFile.read(file));
		}
	}

	/** In the order in which they were written. */
	private static List<Path> list(Path directory) throws IOException {
		try (Stream<Path> all = Files.list(directory)) {
			return all.filter((file) -> file.getFileName().toString().matches("[0-9]+\\.log")).sorted().toList();
		}
	}

	/** The name of the newest file; empty if there is none. */
	static String newest(Path directory) throws IOException {
		return newest(list(directory));
	}

	private static String newest(List<Path> paths) {
		return paths.isEmpty() ? "" : paths.get(paths.size() - 1).getFileName().toString();
	}

	private void repair(boolean salvage) throws IOException {
		for (LogFile log : this.files) {
			if (log.isIntact()) {
				continue;
			}
			List<LogFile> later = after(log);
			boolean torn = isTorn(log);
			if (!torn && !salvage) {
				throw refusal(log, later);
			}
			cut(log);
			if (!torn) {
				for (LogFile each : later) {
					moveAside(each.file());
				}
				return;
			}
		}
	}

	private List<LogFile> after(LogFile log) {
		return this.files.subList(this.files.indexOf(log) + 1, this.files.size());
	}

	/** Nothing follows what is no whole record. */
	private boolean isTorn(LogFile log) {
		return log.goodAfter() < 0 && after(log).stream().allMatch((each) -> each.records() == 0);
	}

	private StorageException refusal(LogFile log, List<LogFile> later) {
		long bytes = log.size() - log.intactSize() + later.stream().mapToLong(LogFile::size).sum();
		return new StorageException(Kind.DAMAGED, "The write-ahead log in " + this.directory + " is damaged in "
				+ log.file().getFileName() + " after byte " + log.intactSize() + " of " + log.size()
				+ ", and what follows is not: this is no write that a crash interrupted. Restore the file from a copy; "
				+ "or " + SALVAGE + ", which goes on after change " + log.lastSequence() + ", gives up the " + bytes
				+ " bytes after it in " + (later.size() + 1) + " file(s), and keeps a copy of them in "
				+ this.directory.resolve(ASIDE), null);
	}

	private void cut(LogFile log) throws IOException {
		Path copy = aside(log.file().getFileName() + "-" + log.intactSize());
		try (FileChannel channel = FileChannel.open(log.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
				FileChannel kept = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
						StandardOpenOption.TRUNCATE_EXISTING)) {
			channel.transferTo(log.intactSize(), log.size() - log.intactSize(), kept);
			kept.force(true);
			channel.truncate(log.intactSize());
			channel.force(true);
		}
		logger.warn("{} ended in {} bytes that are no whole record, after change {}. They were cut off; a copy is {}",
				log.file(), log.size() - log.intactSize(), log.lastSequence(), copy);
	}

	private void moveAside(Path file) throws IOException {
		Path target = aside(file.getFileName().toString());
		Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
		logger.warn("{} follows damage in an earlier file and is not read; it was moved to {}", file, target);
	}

	private Path aside(String name) throws IOException {
		return Files.createDirectories(this.directory.resolve(ASIDE)).resolve(name);
	}

}
