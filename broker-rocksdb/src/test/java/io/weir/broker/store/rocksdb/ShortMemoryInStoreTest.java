package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.fixtures.memory.ShortMemory;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ShortMemoryInStoreTest implements StoreEvents {

	private final List<Error> errors = new ArrayList<>();

	@TempDir
	private Path directory;

	@AfterEach
	void stop() {
		ShortMemory.stopFailing();
	}

	@Test
	void entryThatThereIsNoMemoryToEncodeMustFailAndEndItsWriterOnly() throws Exception {
		StoreFixture fixture = new StoreFixture();
		OpenStore store = open();
		TopicLog log = open(store, "t");
		TopicLog other = open(store, "other");
		ShortMemory.failAt(1); // The first is the test's own.
		CompletionStage<Position> failing = fixture.append(log, header("p", 0, 1), new byte[10]);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> await(failing))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.UNAVAILABLE));
		assertThat(log.lost().toCompletableFuture()).isCompleted();
		assertThat(this.errors).hasOnlyElementsOfType(OutOfMemoryError.class).hasSize(1);
		assertThat(fixture.append(other, "p", 0, 1)).hasSize(1);
		assertThat(fixture.append(open(store, "t"), "p", 0, 1)).hasSize(1);
		store.close(new StorageException("The test is over", null));
		fixture.assertAllReleased();
	}

	private static TopicLog open(OpenStore store, String topic) {
		return await(store.open(new Topic(topic), StoreFixture.OWNER)).log();
	}

	private OpenStore open() {
		return OpenStore.open(this.directory, UnaryOperator.identity(), false, this, new RocksMetadataStore((write) -> {
		}));
	}

	@Override
	public void writeFailed(StorageException reason) {
		throw new IllegalStateException(reason);
	}

	@Override
	public void error(Error error) {
		this.errors.add(error);
	}

}
