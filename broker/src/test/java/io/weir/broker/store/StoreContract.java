package io.weir.broker.store;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.opened;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An engine whose contract is tested. */
abstract class StoreContract {

	static final int ALL = 1_000_000;

	final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	StorageEngine engine;

	/** Opens an engine, which keeps what it keeps in the directory. */
	protected abstract StorageEngine engine(Path directory);

	/** Starts again with what is kept: by default nothing outlives the engine. */
	protected StorageEngine restart(StorageEngine running, Path directory) {
		return running;
	}

	@BeforeEach
	void openEngine() {
		this.engine = engine(this.directory);
	}

	@AfterEach
	void closeEngineAndCheckThatEveryBufferIsReleased() {
		this.engine.close();
		this.store.assertAllReleased();
	}

	final void restart() {
		this.engine = restart(this.engine, this.directory);
	}

	final TopicLog restarted(String topic) {
		return reopened(topic).log();
	}

	final OpenedLog reopened(String topic) {
		restart();
		return opened(this.engine, topic);
	}

	static void assertRefused(CompletionStage<?> stage, String reason) {
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> await(stage)).withMessageContaining(reason);
	}

	static Cursor cursor(SubscriptionType type, Position upTo, Position holesUpTo,
			Map<Position, PartialEntry> entries) {
		return new Cursor(type, upTo, holesUpTo, new TreeMap<>(entries), new TreeMap<>());
	}

	static PartialEntry partial(int messages, int... acknowledged) {
		return new PartialEntry(messages, bits(acknowledged));
	}

	static BitSet bits(int... indexes) {
		return IntStream.of(indexes).collect(BitSet::new, BitSet::set, BitSet::or);
	}

}
