package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.StorageException;
import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TopicNamesTest {

	private static final List<Topic> TOPICS = IntStream.range(0, 50).mapToObj((n) -> new Topic("topic-" + n)).toList();

	@TempDir
	Path directory;

	@Test
	void idsAreThereAgainOnceTheyAreSaved() {
		List<Long> ids = save(TOPICS);
		assertThat(ids).doesNotHaveDuplicates();
		try (TopicNames names = TopicNames.open(this.directory)) {
			assertThat(names.topics()).containsExactlyInAnyOrderElementsOf(TOPICS);
			assertThat(TOPICS.stream().map(names::idOf)).containsExactlyElementsOf(ids);
			assertThat(ids).doesNotContain(names.idOf(new Topic("new")));
		}
		try (TopicNames names = TopicNames.open(this.directory)) {
			assertThat(names.topics()).as("what was not saved was not used").hasSize(TOPICS.size());
		}
	}

	@Test
	void recordThatIsHalfWrittenIsForgotten() throws IOException {
		List<Long> ids = save(TOPICS);
		byte[] whole = Files.readAllBytes(file());
		for (int length = whole.length - 1; length > whole.length - 25; length--) {
			Files.write(file(), Arrays.copyOf(whole, length));
			List<Long> again = save(TOPICS);
			assertThat(again).startsWith(ids.subList(0, ids.size() - 1).toArray(Long[]::new));
			assertThat(save(TOPICS)).as("after %s bytes", length).isEqualTo(again);
		}
	}

	@Test
	void damageThatRecordsFollowIsRefused() throws IOException {
		save(TOPICS);
		byte[] whole = Files.readAllBytes(file());
		for (int offset : new int[] { 0, 12, 17, 25, 33, 300 }) {
			byte[] damaged = whole.clone();
			damaged[offset] ^= 1;
			Files.write(file(), damaged, StandardOpenOption.TRUNCATE_EXISTING);
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> TopicNames.open(this.directory))
				.withMessageContaining(file().toString())
				.withMessageContaining("Restore it");
		}
	}

	@Test
	void missingFileOfAStoreIsRefused() throws IOException {
		Files.createFile(this.directory.resolve("CURRENT"));
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> TopicNames.open(this.directory))
			.withMessageContaining("is missing")
			.withMessageContaining("format 1");
	}

	/** Gives out ids, one after the other and then saved together. */
	private List<Long> save(List<Topic> topics) {
		try (TopicNames names = TopicNames.open(this.directory)) {
			List<Long> ids = new ArrayList<>();
			topics.forEach((topic) -> ids.add(names.idOf(topic)));
			names.save();
			return ids;
		}
	}

	private Path file() {
		return this.directory.resolve(TopicNames.FILE);
	}

}
