package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What processes have done to a directory, in order, as {@code disk-log.c} notes it,
 * which is compiled and preloaded into them.
 */
final class DiskLog {

	private static final int HEAD = 17;

	private final Path library;

	private final Path directory;

	private final Path file;

	private DiskLog(Path library, Path directory, Path file) {
		this.library = library;
		this.directory = directory;
		this.file = file;
	}

	/**
	 * A log of a directory; the test is skipped where there cannot be one.
	 * @param work where it may put files
	 */
	static DiskLog of(Path directory, Path work) throws IOException, InterruptedException {
		Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "LD_PRELOAD is Linux's");
		Path source = work.resolve("disk-log.c");
		try (InputStream in = DiskLog.class.getResourceAsStream("disk-log.c")) {
			Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
		}
		Path library = work.resolve("disk-log.so");
		Process compiler;
		try {
			compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(),
					"-ldl")
				.inheritIO()
				.start();
		}
		catch (IOException ex) {
			Assumptions.abort("There is no C compiler 'cc' (apt-get install gcc libc6-dev): " + ex.getMessage());
			throw ex;
		}
		assertThat(compiler.waitFor()).as("exit code of cc").isZero();
		return new DiskLog(library, directory, work.resolve("disk.log"));
	}

	/** Has a process note what it does. */
	ProcessBuilder watch(ProcessBuilder process) {
		Map<String, String> environment = process.environment();
		environment.put("LD_PRELOAD", this.library.toString());
		environment.put("DISK_LOG_DIRECTORY", this.directory.toString());
		environment.put("DISK_LOG", this.file.toString());
		return process;
	}

	/** All that was noted; what the end of a process has left half written is not. */
	List<Change> read() {
		try {
			ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(this.file)).order(ByteOrder.nativeOrder());
			List<Change> changes = new ArrayList<>();
			while (in.remaining() >= HEAD) {
				char type = (char) in.get();
				long offset = in.getLong();
				byte[] name = new byte[in.getInt()];
				byte[] data = new byte[in.getInt()];
				if (in.remaining() < name.length + data.length) {
					break;
				}
				in.get(name).get(data);
				changes.add(new Change(type, new String(name, StandardCharsets.UTF_8), offset, data));
			}
			return changes;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Something that a process did. */
	record Change(char type, String name, long offset, byte[] data) {

		boolean isOutput() {
			return this.type == 'L';
		}

		String text() {
			return new String(this.data, StandardCharsets.UTF_8);
		}

	}

}
