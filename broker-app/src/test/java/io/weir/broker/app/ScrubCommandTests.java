package io.weir.broker.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class ScrubCommandTests {

	private static final int TOPICS = 50;

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream said = new ByteArrayOutputStream();

	@Test
	void intactDirectoryEndsWithZero() {
		fill();
		assertThat(scrub(this.directory)).isEqualTo(ScrubCommand.INTACT);
		assertThat(said()).contains("is as it was written: " + TOPICS + " topics", this.directory.toString());
	}

	@Test
	void damagedDirectoryEndsWithOneAndSaysWhatIsDamaged() throws IOException {
		fill();
		Path table = table();
		try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
			file.seek(20);
			int old = file.read();
			file.seek(20);
			file.write(old ^ 1);
		}
		assertThat(scrub(this.directory)).isEqualTo(ScrubCommand.DAMAGED);
		assertThat(said()).contains(table.getFileName().toString(), "Not all that is stored",
				"--weir.broker.salvage=true");
	}

	@Test
	void directoryInUseEndsWithTwoAndSaysWhoHasIt() {
		try (Broker broker = Broker.builder().port(0).dataDirectory(this.directory).build().start()) {
			assertThat(broker.isRunning()).isTrue();
			assertThat(scrub(this.directory)).isEqualTo(ScrubCommand.NOT_VERIFIED);
		}
		assertThat(said()).contains("in use by another broker: process " + ProcessHandle.current().pid());
	}

	@Test
	void directoryWithoutDataEndsWithTwoAndIsNotMade() {
		Path missing = this.directory.resolve("missing");
		assertThat(scrub(missing)).isEqualTo(ScrubCommand.NOT_VERIFIED);
		assertThat(said()).contains("There are no data of a broker in " + missing);
		assertThat(missing).doesNotExist();
	}

	private void fill() {
		try (Broker broker = Broker.builder().port(0).dataDirectory(this.directory).build().start()) {
			for (int topic = 0; topic < TOPICS; topic++) {
				broker.createTopic("topic-" + topic);
			}
		}
	}

	private int scrub(Path data) {
		return ScrubCommand.run(new String[] { "--weir.broker.data-directory=" + data },
				new PrintStream(this.said, true, StandardCharsets.UTF_8));
	}

	private String said() {
		return this.said.toString(StandardCharsets.UTF_8);
	}

	private Path table() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(".sst"))
				.max(Comparator.comparingLong((file) -> file.toFile().length()))
				.orElseThrow();
		}
	}

}
