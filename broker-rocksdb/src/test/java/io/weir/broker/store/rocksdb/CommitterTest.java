package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommitterTest implements StoreEvents {

	private final List<StorageException> failedWrites = new ArrayList<>();

	private final List<Error> errors = new ArrayList<>();

	private final TopicState topic = new TopicState(new Topic("t"), 1);

	private Database database;

	private Committer committer;

	@BeforeEach
	void open(@TempDir Path directory) {
		this.database = Database.open(directory);
		this.committer = new Committer(this.database, this.database::write, false, this,
				() -> new StorageException("closed", null));
	}

	@AfterEach
	void close() {
		this.committer.close();
		this.database.close();
	}

	@Test
	void writeForWhichThereIsNoMemoryMustFailAloneAndLeaveNothingBehind() throws Exception {
		Recorded before = new Recorded(null, null, "before");
		Recorded broken = new Recorded(new OutOfMemoryError("no direct memory"), null, "broken");
		Recorded after = new Recorded(null, null, "after");
		this.committer.submit(before);
		this.committer.submit(broken);
		this.committer.submit(after);
		assertFailed(broken);
		before.done.get(10, TimeUnit.SECONDS);
		after.done.get(10, TimeUnit.SECONDS);
		List<String> stored = new ArrayList<>();
		this.database.scan(Column.CURSORS, new byte[0], (key, value) -> stored.add(new String(key)));
		assertThat(stored).containsExactly("after", "before");
		assertThat(this.failedWrites).as("nothing that was written is in doubt").isEmpty();
		assertThat(this.errors).containsExactly(broken.adding);
	}

	@Test
	void topicWhoseWriteFailedForLackOfMemoryMustTakeNoMoreUntilItIsOpenedAgain() {
		Recorded broken = new Recorded(new OutOfMemoryError("no direct memory"), null, "broken");
		this.committer.submit(broken);
		assertFailed(broken);
		assertThat(this.topic.lost().toCompletableFuture()).isCompleted();
		assertThatThrownBy(this.topic::checkWriter).hasMessageContaining("no direct memory");
	}

	@Test
	void writeWhoseCompletionThrowsMustFailAndNotEndTheThread() throws Exception {
		Recorded broken = new Recorded(null, new OutOfMemoryError("no direct memory"), "broken");
		Recorded later = new Recorded(null, null, "later");
		this.committer.submit(broken);
		this.committer.submit(later);
		assertFailed(broken);
		later.done.get(10, TimeUnit.SECONDS);
		assertThat(this.topic.lost().toCompletableFuture()).as("what it is told is not what is stored").isCompleted();
	}

	@Test
	void failureThatNobodyCanBeToldOfMustNotEndTheThread(@TempDir Path other) {
		StoreEvents deaf = new StoreEvents() {

			@Override
			public void writeFailed(StorageException reason) {
				throw new NoClassDefFoundError("no file descriptor to load it");
			}

			@Override
			public void error(Error error) {
			}

		};
		try (Database another = Database.open(other); Committer committer = new Committer(another, (batch, sync) -> {
			throw new IllegalStateException("planted");
		}, false, deaf, () -> new StorageException("closed", null))) {
			Recorded broken = new Recorded(null, null, "broken");
			Recorded later = new Recorded(null, null, "later");
			committer.submit(broken);
			committer.submit(later);
			assertFailed(broken);
			assertFailed(later);
			assertThat(committer.frozen()).as("whoever watches the store sees it").isNotNull();
		}
	}

	@Test
	void whatComesDuringACommitMustBeCommittedTogetherAndWhatComesFirstAtOnce() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicInteger commits = new AtomicInteger();
		BatchWriter slow = (batch, sync) -> {
			commits.incrementAndGet();
			begun.countDown();
			Uninterruptibly.call(() -> goOn.await(30, TimeUnit.SECONDS));
			this.database.write(batch, sync);
		};
		List<Recorded> writes = new ArrayList<>();
		try (Committer grouping = new Committer(this.database, slow, false, this,
				() -> new StorageException("closed", null))) {
			for (int i = 0; i < 50; i++) {
				writes.add(new Recorded(null, null, "key " + i));
				grouping.submit(writes.get(i));
				assertThat(begun.await(30, TimeUnit.SECONDS)).as("nobody need come after the first").isTrue();
			}
			goOn.countDown();
			for (Recorded write : writes) {
				write.done.get(30, TimeUnit.SECONDS);
			}
		}
		assertThat(commits).hasValue(2);
	}

	private static void assertFailed(Recorded write) {
		assertThatThrownBy(() -> write.done.get(10, TimeUnit.SECONDS)).cause()
			.isInstanceOfSatisfying(StorageException.class,
					(failure) -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE));
	}

	@Override
	public void writeFailed(StorageException reason) {
		this.failedWrites.add(reason);
	}

	@Override
	public void error(Error error) {
		this.errors.add(error);
	}

	/** Says how it went, or throws what it is told to. */
	private final class Recorded implements Write {

		private final CompletableFuture<Void> done = new CompletableFuture<>();

		private final Error adding;

		private final Error completing;

		private final String key;

		Recorded(Error adding, Error completing, String key) {
			this.adding = adding;
			this.completing = completing;
			this.key = key;
		}

		@Override
		public boolean sync() {
			return false;
		}

		@Override
		public TopicState writer() {
			return (this.adding != null || this.completing != null) ? CommitterTest.this.topic : null;
		}

		@Override
		public void addTo(AtomicBatch batch) throws RocksDBException {
			batch.put(Column.CURSORS, this.key.getBytes(), new byte[1]);
			if (this.adding != null) {
				throw this.adding;
			}
		}

		@Override
		public void committed() {
			if (this.completing != null) {
				throw this.completing;
			}
			this.done.complete(null);
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

}
