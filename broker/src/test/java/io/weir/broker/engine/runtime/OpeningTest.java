package io.weir.broker.engine.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.SubscriptionType;
import io.weir.wire.Budgets;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

/** What it takes to open topics that have long logs. */
class OpeningTest {

	private static final int ENTRIES = 500;

	private final StoreFixture fixture = new StoreFixture();

	private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

	private final StorageEngine store = new MemoryStorageEngine();

	@AfterEach
	void closeStoreAndCheckThatEveryBufferIsReleased() {
		this.store.close();
		this.fixture.assertAllReleased();
	}

	@Test
	void openingMustKnowBacklogsWithoutReadingTheLog() {
		fill();
		try (Engine engine = new Engine(observed(this.store, StorageEngine.class), 2, () -> 42, Budgets.unlimited())) {
			engine.start((effect) -> {
			});
			Awaitility.await().untilAsserted(() -> assertThat(backlogs(engine)).containsExactly(3L * ENTRIES, 0L, 30L));
		}
		assertThat(this.asked).as("one question for each cursor that is not at the end").containsOnlyOnce("open");
		assertThat(this.asked.stream().filter("findExtent"::equals)).hasSize(2);
		assertThat(this.asked).doesNotContain("read", "find");
	}

	private void fill() {
		TopicLog log = StoreFixture.open(this.store, "t");
		for (long entry = 0; entry < ENTRIES; entry++) {
			await(this.fixture.append(log, header("p", entry * 3, 3), bytes(entry, 20)));
		}
		await(log.cursors().create("a", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		await(log.cursors().create("b", SubscriptionType.SHARED, at(ENTRIES - 1)));
		await(log.cursors().create("c", SubscriptionType.SHARED, at(ENTRIES - 11)));
	}

	private static List<Long> backlogs(Engine engine) {
		return engine.snapshot()
			.toCompletableFuture()
			.join()
			.stream()
			.flatMap((topic) -> topic.subscriptions().stream())
			.map(TopicSnapshot.Subscription::backlog)
			.toList();
	}

	private OpenedLog observed(OpenedLog opened) {
		return new OpenedLog(observed(opened.log(), TopicLog.class), opened.producers(), opened.cursors());
	}

	/** Notes the methods called, of the store and of the logs that it opens. */
	private <T> T observed(T target, Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				this.asked.add(method.getName());
				try {
					Object result = method.invoke(target, arguments);
					return (method.getName().equals("open"))
							? ((CompletionStage<?>) result).thenApply((opened) -> observed((OpenedLog) opened))
							: result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
