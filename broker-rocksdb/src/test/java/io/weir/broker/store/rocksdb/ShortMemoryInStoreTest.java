package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.StorageException;
import io.weir.fixtures.memory.ShortMemory;
import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ShortMemoryInStoreTest implements StoreEvents {

	@TempDir
	private Path directory;

	@AfterEach
	void stop() {
		ShortMemory.stopFailing();
	}

	/** Without its buffer the committer would never write, and nobody would know. */
	@Test
	void storeThatThereIsNoMemoryToOpenIsOpenedTheNextTime() throws Exception {
		ShortMemory.failAt(0);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::open);
		OpenStore store = open();
		assertThat(store.open(new Topic("t"), 1).toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
		store.close(new StorageException("The test is over", null));
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
		throw error;
	}

}
