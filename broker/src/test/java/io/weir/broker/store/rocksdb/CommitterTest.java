package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.StorageException;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommitterTest {

	@Test
	void writeWhoseCompletionThrowsMustFailAndNotEndTheThread(@TempDir Path directory) {
		try (Database database = Database.open(directory);
				Committer committer = new Committer(database, database::write, false)) {
			Recorded broken = new Recorded(new OutOfMemoryError("no direct memory"));
			Recorded later = new Recorded(null);
			committer.submit(broken);
			committer.submit(later);
			assertFailed(broken);
			assertFailed(later);
		}
	}

	private static void assertFailed(Recorded write) {
		assertThatThrownBy(() -> write.done.orTimeout(10, TimeUnit.SECONDS).join())
			.hasCauseInstanceOf(StorageException.class)
			.hasMessageContaining("no direct memory");
	}

	/** Says how it went, or throws what it is told to. */
	private static final class Recorded implements Write {

		private final CompletableFuture<Void> done = new CompletableFuture<>();

		private final Error thrown;

		Recorded(Error thrown) {
			this.thrown = thrown;
		}

		@Override
		public boolean sync() {
			return false;
		}

		@Override
		public void addTo(AtomicBatch batch) {
		}

		@Override
		public void committed() {
			if (this.thrown != null) {
				throw this.thrown;
			}
			this.done.complete(null);
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

}
