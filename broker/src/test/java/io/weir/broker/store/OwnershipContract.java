package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.MetadataStore.Versioned;
import io.weir.broker.store.MetadataStore.Watch;
import io.weir.broker.store.OwnershipService.Owner;
import io.weir.broker.store.OwnershipService.Ownership;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.OWNER;
import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.opened;
import static io.weir.broker.store.StoreFixture.read;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who may write, what brokers share, and what becomes of a log in the end. */
public abstract class OwnershipContract extends StoreContract {

	private static final Topic TOPIC = new Topic("t");

	@Test
	void newerOwnerFencesTheOneBeforeWhichCannotComeBack() {
		TopicLog earlier = open(this.engine, "t");
		this.store.append(earlier, "p", 0, 2);
		OpenedLog later = await(this.engine.open(TOPIC, OWNER + 5));
		assertThat(await(earlier.lost()).kind()).isEqualTo(Kind.FENCED);
		assertFenced(() -> await(this.store.append(earlier, header("p", 2, 1), bytes(2, 10))));
		assertFenced(() -> await(this.engine.open(TOPIC, OWNER + 4)));
		assertThat(later.log().lost().toCompletableFuture()).as("whom nobody has fenced").isNotDone();
		assertThat(this.store.append(later.log(), "p", 2, 1)).containsExactly(later.log().lastConfirmed());
		assertThat(readAll(later.log())).hasSize(3);
		restart();
		assertFenced(() -> await(this.engine.open(TOPIC, OWNER + 4)));
		assertThat(readAll(await(this.engine.open(TOPIC, OWNER + 5)).log())).hasSize(3);
	}

	@Test
	void epochsOfAnOwnershipGrow() {
		Ownership first = await(this.engine.ownership().acquire("a"));
		Ownership second = await(this.engine.ownership().acquire("a"));
		assertThat(second.epoch()).isGreaterThan(first.epoch());
		assertThat(await(first.lost()).kind()).isEqualTo(Kind.FENCED);
		assertThat(second.lost().toCompletableFuture()).isNotDone();
		assertThat(await(this.engine.ownership().owner("a"))).map(Owner::epoch).contains(second.epoch());
		restart();
		assertThat(await(this.engine.ownership().acquire("a")).epoch()).isGreaterThan(second.epoch());
	}

	@Test
	void whatIsReleasedHasNoOwnerAndWhatWasLostIsNotTakenAway() {
		OwnershipService service = this.engine.ownership();
		Ownership first = await(service.acquire("a"));
		Ownership second = await(service.acquire("a"));
		await(first.release());
		assertThat(await(service.owner("a"))).map(Owner::epoch).contains(second.epoch());
		await(second.release());
		assertThat(await(service.owner("a"))).isEmpty();
		assertThat(second.lost().toCompletableFuture()).isNotDone();
		assertThat(await(service.owner("never owned"))).isEmpty();
		assertThat(await(service.acquire("a")).epoch()).isGreaterThan(second.epoch());
	}

	@Test
	void metadataAreReplacedOnlyByWhoKnowsTheirVersion() {
		MetadataStore metadata = this.engine.metadata();
		assertThat(await(metadata.get("a/b"))).isEmpty();
		long version = await(metadata.put("a/b", bytes(1, 10), MetadataStore.NO_VERSION));
		assertFenced(() -> await(metadata.put("a/b", bytes(2, 10), MetadataStore.NO_VERSION)));
		assertFenced(() -> await(metadata.put("a/b", bytes(2, 10), version + 1)));
		assertFenced(() -> await(metadata.put("a/c", bytes(2, 10), version)));
		long newer = await(metadata.put("a/b", bytes(3, 0), version));
		assertThat(newer).isGreaterThan(version);
		restart();
		assertThat(await(this.engine.metadata().get("a/b"))).contains(new Versioned(bytes(3, 0), newer));
	}

	@Test
	void oneOfManyWhoReplaceAVersionAtTheSameTimeWins() {
		MetadataStore metadata = this.engine.metadata();
		long won = IntStream.range(0, 20)
			.mapToObj((i) -> metadata.put("k", bytes(i, 4), MetadataStore.NO_VERSION).toCompletableFuture())
			.toList()
			.stream()
			.filter((put) -> put.handle((version, failure) -> failure == null).join())
			.count();
		assertThat(won).isOne();
		assertThat(await(metadata.get("k"))).map(Versioned::version).contains(MetadataStore.NO_VERSION + 1);
	}

	@Test
	void childrenOfAKeyAreTheNamesBelowIt() {
		MetadataStore metadata = this.engine.metadata();
		for (String key : List.of("a", "a/b", "a/c/d", "a/c/e", "ab/f", "a0")) {
			await(metadata.put(key, bytes(1, 1), MetadataStore.NO_VERSION));
		}
		restart();
		assertThat(await(this.engine.metadata().children("a"))).containsExactlyInAnyOrder("b", "c");
		assertThat(await(this.engine.metadata().children("a/c"))).containsExactlyInAnyOrder("d", "e");
		assertThat(await(this.engine.metadata().children(""))).contains("a", "ab", "a0");
		assertThat(await(this.engine.metadata().children("nothing"))).isEmpty();
	}

	@Test
	void whoeverWatchesAKeyHearsOfItAndOfWhatIsBelow() throws InterruptedException {
		MetadataStore metadata = this.engine.metadata();
		BlockingQueue<String> changed = new LinkedBlockingQueue<>();
		List<Optional<Versioned>> seen = new ArrayList<>();
		Watch watch = metadata.watch("a", (key) -> {
			metadata.get(key).thenAccept(seen::add);
			changed.add(key);
		});
		await(metadata.put("ab", bytes(1, 1), MetadataStore.NO_VERSION));
		await(metadata.put("a/b", bytes(1, 1), MetadataStore.NO_VERSION));
		assertThat(changed.poll(10, TimeUnit.SECONDS)).isEqualTo("a/b");
		await(metadata.put("a", bytes(2, 1), MetadataStore.NO_VERSION));
		assertThat(changed.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
		assertThat(seen).as("the change is there when it is told").hasSize(2).allMatch(Optional::isPresent);
		watch.close();
		await(metadata.put("a/c", bytes(1, 1), MetadataStore.NO_VERSION));
		assertThat(changed).isEmpty();
	}

	@Test
	void epochsOfProducersAreKeptAndForgottenWithThem() {
		TopicLog log = open(this.engine, "t");
		await(log.storeEpochs("p", new Epochs(3, 5)));
		await(log.storeEpochs("q", new Epochs(0, 0)));
		await(log.storeEpochs("r", new Epochs(1, 1)));
		await(this.store.append(log, header("p", 0, 1), bytes(1, 10)));
		await(this.store.append(log, header("s", 0, 1), bytes(1, 10)));
		await(log.storeEpochs("p", new Epochs(3, 6)));
		await(log.forgetProducers(Set.of("q")));
		Map<String, StoredProducer> producers = reopened("t").producers();
		assertThat(producers).containsOnlyKeys("p", "r", "s");
		assertThat(producers.get("p").epochs()).isEqualTo(new Epochs(3, 6));
		assertThat(producers.get("p").batches()).hasSize(1);
		assertThat(producers.get("r")).isEqualTo(new StoredProducer(new Epochs(1, 1), List.of()));
		assertThat(producers.get("s").epochs()).isEqualTo(Epochs.NONE);
	}

	@Test
	void trimmedEntriesAreGoneAndWhatIsLeftIsCountedAndFound() {
		TopicLog log = open(this.engine, "t");
		for (int entry = 0; entry < 10; entry++) {
			await(this.store.append(log, header("p", entry * 3L, 3, 100 + entry), bytes(entry, 10)));
		}
		assertThat(await(log.trim(at(0)))).isEqualTo(at(0));
		Position first = await(log.trim(at(4)));
		assertThat(first).isBetween(at(0), at(4)).isEqualTo(log.first());
		assertThat(await(log.trim(at(2)))).as("never back").isEqualTo(first);
		assertTrimmed(log, (int) first.entry());
		OpenedLog again = reopened("t");
		assertTrimmed(again.log(), (int) first.entry());
		assertThat(await(this.store.append(again.log(), header("p", 30, 3, 110), bytes(10, 10)))).isEqualTo(at(10));
		assertThat(again.log().extent()).isEqualTo(new Extent(33, 110));
	}

	private static void assertTrimmed(TopicLog log, int first) {
		assertThat(log.first()).isEqualTo(at(first));
		assertThat(log.lastConfirmed()).isEqualTo(at(9));
		assertThat(readAll(log)).hasSize(10 - first);
		assertThat(read(log, at(0), 1, ALL).get(0).position()).isEqualTo(at(first));
		assertThat(log.extent()).isEqualTo(new Extent(30, 100));
		assertThat(await(log.findExtent(Position.BEFORE_FIRST))).isEqualTo(new Extent(first * 3L, first * 10L));
		assertThat(await(log.findExtent(at(first)))).isEqualTo(new Extent((first + 1) * 3L, (first + 1) * 10L));
		assertThat(await(log.findByte(0))).isEqualTo(at(first));
		assertThat(await(log.findByte(80))).isEqualTo(at(8));
		assertThat(await(log.find(0))).isEqualTo(at(first));
		assertThat(await(log.find(108))).isEqualTo(at(8));
	}

	@Test
	void logThatIsTrimmedCompletelyGoesOnWhereItWas() {
		TopicLog log = open(this.engine, "t");
		this.store.append(log, "p", 0, 5);
		await(log.trim(new Position(1, 0)));
		TopicLog again = restarted("t");
		assertThat(again.lastConfirmed()).isEqualTo(at(4));
		assertThat(this.store.append(again, "p", 5, 1)).containsExactly(at(5));
		List<Entry> last = await(again.read(at(5), 1, ALL));
		last.forEach(Entry::release);
		assertThat(last.get(0).header().firstOrdinal()).isEqualTo(5);
	}

	@Test
	void deletedTopicIsLostToItsWriterAndNewToWhoOpensItAgain() {
		TopicLog log = open(this.engine, "t");
		this.store.append(log, "p", 0, 3);
		await(log.storeEpochs("p", new Epochs(1, 1)));
		await(log.cursors().create("s", SubscriptionType.SHARED, at(1)));
		this.store.append(open(this.engine, "neighbour"), "p", 0, 2);
		await(log.delete());
		assertThat(this.engine.topics()).containsExactly(new Topic("neighbour"));
		assertThat(await(log.lost()).kind()).isEqualTo(Kind.FENCED);
		assertRefused(this.store.append(log, header("p", 3, 1), bytes(3, 10)), "deleted");
		restart();
		assertThat(this.engine.topics()).doesNotContain(TOPIC);
		OpenedLog anew = opened(this.engine, "t");
		assertThat(anew.producers()).isEmpty();
		assertThat(anew.cursors()).isEmpty();
		assertThat(anew.log().extent()).isEqualTo(Extent.NONE);
		assertThat(readAll(anew.log())).isEmpty();
		assertThat(this.store.append(anew.log(), "p", 0, 1)).containsExactly(at(3));
		assertThat(readAll(anew.log())).hasSize(1);
	}

	@Test
	void topicThatIsMadeAfterOthersWereDeletedBeginsBehindAllOfThem() {
		List.of(5, 2).forEach((entries) -> {
			TopicLog log = open(this.engine, "t" + entries);
			this.store.append(log, "p", 0, entries);
			await(log.delete());
		});
		TopicLog anew = open(this.engine, "t2");
		assertThat(anew.first()).isEqualTo(at(7));
		assertThat(anew.lastConfirmed()).isEqualTo(at(6));
		assertThat(await(anew.find(0))).isEqualTo(at(7));
		assertThat(await(anew.findByte(0))).isEqualTo(at(7));
		assertThat(await(anew.findExtent(at(6)))).isEqualTo(Extent.NONE);
		assertThat(await(anew.trim(at(19)))).isEqualTo(at(7));
		anew = restarted("t2");
		assertThat(anew.first()).isEqualTo(at(7));
		assertThat(this.store.append(anew, "p", 0, 2)).containsExactly(at(7), at(8));
		anew = restarted("t2");
		assertThat(anew.lastConfirmed()).isEqualTo(at(8));
		assertThat(readAll(anew)).hasSize(2);
		assertThat(await(anew.findExtent(at(6)))).isEqualTo(Extent.NONE);
	}

	@Test
	void closedLogRefusesAndIsNotLostAndCanBeOpenedAgain() {
		TopicLog log = open(this.engine, "t");
		List<Position> stored = this.store.append(log, "p", 0, 3);
		log.close();
		log.close();
		assertRefused(this.store.append(log, header("p", 3, 1), bytes(3, 10)), "closed");
		assertRefused(log.read(at(0), 1, ALL), "closed");
		assertRefused(log.find(0), "closed");
		assertRefused(log.cursors().create("s", SubscriptionType.SHARED, at(0)), "closed");
		TopicLog again = open(this.engine, "t");
		assertThat(log.lost().toCompletableFuture()).isNotDone();
		assertThat(readAll(again)).hasSize(stored.size());
	}

	private static void assertFenced(Runnable call) {
		assertThatExceptionOfType(StorageException.class).isThrownBy(call::run)
			.satisfies((fenced) -> assertThat(fenced.kind()).isEqualTo(Kind.FENCED));
	}

}
