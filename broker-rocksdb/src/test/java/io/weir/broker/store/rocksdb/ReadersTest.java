package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.StorageException;

import static org.assertj.core.api.Assertions.assertThat;

/** Reading from the disk holds up nobody who asks for it. */
class ReadersTest {

	private final StoreEvents nobody = new StoreEvents() {

		@Override
		public void writeFailed(StorageException reason) {
		}

		@Override
		public void error(Error error) {
		}

	};

	@Test
	void whoAsksForMessagesMustNotWaitForTheDisk() {
		CountDownLatch asked = new CountDownLatch(1);
		CompletableFuture<Boolean> read = new CompletableFuture<>();
		try (Readers readers = new Readers(this.nobody, () -> new StorageException("closed", null))) {
			readers.submit(read, () -> Uninterruptibly.call(() -> asked.await(10, TimeUnit.SECONDS)));
			asked.countDown();
			assertThat(read.join()).as("the disk has waited for the one who asked, not the other way round").isTrue();
		}
	}

}
