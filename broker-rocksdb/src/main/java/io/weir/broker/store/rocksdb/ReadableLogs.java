package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;

/**
 * A write-ahead log that can be read, of a directory in which nothing is to be changed:
 * of one that a crash has left half written, a copy without what the next start would cut
 * off.
 */
final class ReadableLogs {

	private ReadableLogs() {
	}

	/**
	 * Does something with a log that can be read.
	 * @param directory the data directory
	 * @param action is given the directory where the log is, for as long as it takes
	 * @throws StorageException if the log is damaged
	 */
	static <T> T with(Path directory, Function<Path, T> action) {
		List<LogFile> files = LogFiles.verify(directory);
		if (files.stream().allMatch(LogFile::isIntact)) {
			return action.apply(directory);
		}
		try {
			Path copy = Files.createTempDirectory("weir-scrub-");
			try {
				for (LogFile file : files) {
					copy(file, copy.resolve(file.file().getFileName()));
				}
				return action.apply(copy);
			}
			finally {
				delete(copy);
			}
		}
		catch (IOException ex) {
			throw new StorageException(Kind.UNAVAILABLE,
					"The write-ahead log in " + directory + " cannot be copied to be read: " + ex, ex);
		}
	}

	private static void copy(LogFile file, Path to) throws IOException {
		try (FileChannel from = FileChannel.open(file.file(), StandardOpenOption.READ);
				FileChannel copy = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			long done = 0;
			while (done < file.intactSize()) {
				done += from.transferTo(done, file.intactSize() - done, copy);
			}
		}
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> all = Files.walk(directory)) {
			all.sorted(Comparator.reverseOrder()).forEach((path) -> {
				try {
					Files.delete(path);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
	}

}
