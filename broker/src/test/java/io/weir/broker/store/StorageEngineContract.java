package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.broker.store.StoreFixture.Read;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.message.Compression;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.opened;
import static io.weir.broker.store.StoreFixture.read;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

/** What the logs of every storage engine must do. */
public abstract class StorageEngineContract extends StoreContract {

	private Map<String, List<StoredBatch>> producers() {
		return StoreFixture.producers(reopened("t"));
	}

	@Test
	void emptyLogHasNothing() {
		OpenedLog opened = opened(this.engine, "t");
		TopicLog log = opened.log();
		assertThat(log.topic()).isEqualTo(new Topic("t"));
		assertThat(log.lastConfirmed()).isEqualTo(Position.BEFORE_FIRST);
		assertThat(opened.producers()).isEmpty();
		assertThat(opened.cursors()).isEmpty();
		assertThat(read(log, Position.BEFORE_FIRST, ALL, ALL)).isEmpty();
		assertThat(this.engine.topics()).containsExactly(new Topic("t"));
	}

	@Test
	void firstEntryIsReadFromBeforeFirstAndFromItsPosition() {
		TopicLog log = open(this.engine, "t");
		Position first = await(this.store.append(log, header("p", 5, 3), bytes(1, 10)));
		Read expected = Read.of(first.entry(), header("p", 5, 3), bytes(1, 10));
		assertThat(first).isGreaterThan(Position.BEFORE_FIRST).isEqualTo(log.lastConfirmed());
		assertThat(read(log, Position.BEFORE_FIRST, ALL, ALL)).containsExactly(expected);
		assertThat(read(log, log.first(), ALL, ALL)).containsExactly(expected);
		assertThat(read(log, first, ALL, ALL)).containsExactly(expected);
		assertThat(readAll(restarted("t"))).containsExactly(expected);
	}

	@Test
	void appendsCompleteInTheOrderInWhichTheyWereAsked() {
		TopicLog log = open(this.engine, "t");
		ConcurrentLinkedQueue<Position> completed = new ConcurrentLinkedQueue<>();
		List<CompletionStage<Position>> appended = new ArrayList<>();
		for (int sequence = 0; sequence < 2000; sequence++) {
			CompletionStage<Position> append = this.store.append(log, header("p", sequence, 1), bytes(sequence, 20));
			appended.add(append.whenComplete((position, failure) -> completed.add(position)));
		}
		List<Position> asked = appended.stream().map(StoreFixture::await).toList();
		assertThat(completed).containsExactlyElementsOf(asked);
		assertThat(asked).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void lastConfirmedHasMovedWhenAnAppendCompletes() {
		TopicLog log = open(this.engine, "t");
		CompletionStage<Boolean> seen = this.store.append(log, header("p", 0, 1), bytes(0, 9))
			.thenApply((position) -> log.lastConfirmed().equals(position));
		assertThat(await(seen)).isTrue();
	}

	@Test
	void readStopsAtTheLimitsButReadsAtLeastOneEntry() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = this.store.append(log, "p", 0, 10);
		assertThatReadKeepsTheLimits(log, positions);
		assertThatReadKeepsTheLimits(restarted("t"), positions);
	}

	private static void assertThatReadKeepsTheLimits(TopicLog log, List<Position> positions) {
		assertThat(read(log, positions.get(3), 4, ALL)).extracting(Read::position)
			.containsExactlyElementsOf(positions.subList(3, 7));
		assertThat(read(log, positions.get(3), ALL, 350)).hasSizeBetween(1, 3);
		assertThat(read(log, positions.get(3), ALL, 1)).extracting(Read::position).containsExactly(positions.get(3));
		assertThat(read(log, new Position(0, positions.get(9).entry() + 1), ALL, ALL)).isEmpty();
		assertThat(read(log, new Position(1, 0), ALL, ALL)).isEmpty();
	}

	@Test
	void logGoesOnAfterRestart() {
		List<Position> positions = new ArrayList<>();
		for (int round = 0; round < 4; round++) {
			TopicLog log = restarted("t");
			assertThat(log.lastConfirmed())
				.isEqualTo((round == 0) ? Position.BEFORE_FIRST : positions.get(positions.size() - 1));
			positions.addAll(this.store.append(log, "p", round * 50, 50));
		}
		assertThat(positions).isSorted().doesNotHaveDuplicates();
		List<Read> expected = IntStream.range(0, 200)
			.mapToObj((sequence) -> Read.of(positions.get(sequence).entry(), header("p", sequence, 1),
					bytes(sequence, 100)))
			.toList();
		TopicLog log = open(this.engine, "t");
		assertThat(readAll(log)).isEqualTo(expected);
	}

	@Test
	void entriesOfOneByteAndOfFourMebibytesComeBack() {
		TopicLog log = open(this.engine, "t");
		int[] sizes = { 1, 4 * 1024 * 1024, 0, 65_535, 65_536, 65_537 };
		List<Read> expected = new ArrayList<>();
		for (int index = 0; index < sizes.length; index++) {
			EntryHeader header = header("p", index, 1);
			Position position = await(this.store.append(log, header, bytes(index, sizes[index])));
			expected.add(Read.of(position.entry(), header, bytes(index, sizes[index])));
		}
		assertThat(readAll(log)).isEqualTo(expected);
		assertThat(readAll(restarted("t"))).isEqualTo(expected);
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void entryIsKeptWithItsEncoding(Compression compression) {
		TopicLog log = open(this.engine, "t");
		EntryHeader compressed = new EntryHeader("p", 0, MessageIndexes.even(Limits.MAX_BATCH_MESSAGES, 100), 1,
				new BatchEncoding(compression, Limits.MAX_MESSAGE_SIZE, 0xCAFEBABE));
		EntryHeader plain = header("p", Limits.MAX_BATCH_MESSAGES, 1);
		await(this.store.append(log, compressed, bytes(1, 10)));
		await(this.store.append(log, plain, bytes(2, 10)));
		List<Read> expected = List.of(Read.of(0, compressed, bytes(1, 10)), Read.of(1, plain, bytes(2, 10)));
		assertThat(readAll(log)).isEqualTo(expected);
		assertThat(readAll(restarted("t"))).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("io.weir.broker.store.MessageIndexes#atTheLimits")
	void messageIndexComesBackAsItWasStored(MessageIndex index) {
		TopicLog log = open(this.engine, "t");
		EntryHeader header = new EntryHeader("p", 0, index, 1, new BatchEncoding(Compression.NONE, 0, 0xCAFEBABE));
		EntryHeader next = header("p", index.count(), 1);
		await(this.store.append(log, header, bytes(1, 10)));
		await(this.store.append(log, next, bytes(2, 10)));
		List<Read> expected = List.of(Read.of(0, header, bytes(1, 10)), Read.of(1, next, bytes(2, 10)));
		assertThat(readAll(log)).isEqualTo(expected);
		assertThat(readAll(restarted("t"))).isEqualTo(expected);
	}

	@Test
	void topicsWhoseNamesAreAlikeKeepApart() {
		List<String> names = List.of("a", "a/b", "a/b/c", "a/bb", "aa", "A");
		for (String name : names) {
			TopicLog log = open(this.engine, name);
			await(this.store.append(log, header("of " + name, 1, 1), bytes(name.hashCode(), 30)));
			await(log.cursors().create("s", SubscriptionType.SHARED, at(names.indexOf(name))));
		}
		for (String name : names) {
			OpenedLog opened = reopened(name);
			TopicLog log = opened.log();
			assertThat(readAll(log)).containsExactly(
					Read.of(log.lastConfirmed().entry(), header("of " + name, 1, 1), bytes(name.hashCode(), 30)));
			assertThat(opened.producers()).containsOnlyKeys("of " + name);
			assertThat(opened.cursors()).containsExactly(
					Map.entry("s", CursorStore.Cursor.at(SubscriptionType.SHARED, at(names.indexOf(name)))));
		}
		assertThat(this.engine.topics()).extracting(Topic::name).containsExactlyInAnyOrderElementsOf(names);
	}

	@Test
	void manyTopicsAreWrittenAtTheSameTime() {
		List<CompletableFuture<List<Position>>> writers = IntStream.range(0, 24)
			.mapToObj((topic) -> CompletableFuture
				.supplyAsync(() -> this.store.append(open(this.engine, "topic-" + topic), "p" + topic, 0, 200)))
			.toList();
		for (int topic = 0; topic < writers.size(); topic++) {
			assertThat(await(writers.get(topic))).hasSize(200).isSorted();
		}
		for (int topic = 0; topic < writers.size(); topic++) {
			assertThat(readAll(open(this.engine, "topic-" + topic))).hasSize(200)
				.extracting(Read::hex)
				.startsWith(Read.of(0, header("p", 0, 1), bytes(0, 100)).hex());
		}
	}

	@Test
	void producersRecentEntriesAreKnownAfterRestart() {
		TopicLog log = open(this.engine, "t");
		Position first = await(this.store.append(log, header("p", 10, 5), bytes(1, 10)));
		Position other = await(this.store.append(log, header("p.", 0, 1), bytes(2, 10)));
		Position second = await(this.store.append(log, header("p", 15, 2), bytes(3, 10)));
		assertThat(producers()).containsOnly(
				Map.entry("p", List.of(new StoredBatch(10, 5, first), new StoredBatch(15, 2, second))),
				Map.entry("p.", List.of(new StoredBatch(0, 1, other))));
	}

	@Test
	void entriesOfOneProducerMayComeInAnyOrder() {
		TopicLog log = open(this.engine, "t");
		Position late = await(this.store.append(log, header("p", 100, 10), bytes(1, 10)));
		Position early = await(this.store.append(log, header("p", 90, 10), bytes(2, 10)));
		assertThat(producers())
			.containsExactly(Map.entry("p", List.of(new StoredBatch(90, 10, early), new StoredBatch(100, 10, late))));
	}

	@Test
	void forgottenProducersAreGoneAndTheirNeighboursAreNot() {
		TopicLog log = open(this.engine, "t");
		await(this.store.append(log, header("p", 10, 5), bytes(1, 10)));
		await(this.store.append(log, header("q", 0, 1), bytes(2, 10)));
		Position neighbour = await(this.store.append(log, header("p.", 0, 1), bytes(3, 10)));
		await(log.forgetProducers(Set.of("p", "q", "never there")));
		Position again = await(this.store.append(log, header("q", 7, 1), bytes(4, 10)));
		assertThat(producers()).containsOnly(Map.entry("p.", List.of(new StoredBatch(0, 1, neighbour))),
				Map.entry("q", List.of(new StoredBatch(7, 1, again))));
	}

	@Test
	void oldEntriesOfAProducerFallOutOfTheWindow() {
		int count = 64;
		int entries = 5 * Limits.MAX_IN_FLIGHT / count;
		List<CompletionStage<Position>> appended = new ArrayList<>();
		TopicLog log = open(this.engine, "t");
		for (long entry = 0; entry < entries; entry++) {
			appended.add(this.store.append(log, header("p", entry * count, count), bytes(entry, 1)));
		}
		List<Position> positions = appended.stream().map(StoreFixture::await).toList();
		int kept = Limits.MAX_IN_FLIGHT / count;
		List<StoredBatch> expected = LongStream.range(entries - kept, entries)
			.mapToObj((entry) -> new StoredBatch(entry * count, count, positions.get((int) entry)))
			.toList();
		assertThat(producers()).containsExactly(Map.entry("p", expected));
	}

	@Test
	void messagesAreCountedUpToEachPlace() {
		TopicLog log = open(this.engine, "t");
		assertOrdinals(log);
		this.store.append(open(this.engine, "u"), "p", 0, 1);
		int[] counts = { 3, 1, 8192, 2 };
		for (int entry = 0; entry < counts.length; entry++) {
			await(this.store.append(log, header("p", entry * 10_000L, counts[entry]), bytes(entry, 10)));
		}
		assertOrdinals(log, counts);
		TopicLog again = restarted("t");
		assertOrdinals(again, counts);
		await(this.store.append(again, header("p", 40_000, 5), bytes(4, 10)));
		assertOrdinals(again, 3, 1, 8192, 2, 5);
	}

	private static void assertOrdinals(TopicLog log, int... counts) {
		long ordinal = 0;
		assertThat(await(log.findExtent(Position.BEFORE_FIRST))).isEqualTo(Extent.NONE);
		for (int entry = 0; entry < counts.length; entry++) {
			List<Entry> read = await(log.read(at(entry), 1, ALL));
			read.forEach(Entry::release);
			assertThat(read.get(0).header().firstOrdinal()).isEqualTo(ordinal);
			ordinal += counts[entry];
			Extent extent = new Extent(ordinal, (entry + 1) * 10L);
			assertThat(await(log.findExtent(at(entry)))).isEqualTo(extent);
			assertThat(await(log.findByte(entry * 10L))).isEqualTo(at(entry));
			assertThat(await(log.findByte(entry * 10L + 1))).isEqualTo(at(entry + 1));
		}
		Extent all = new Extent(ordinal, counts.length * 10L);
		assertThat(log.extent()).isEqualTo(all);
		assertThat(await(log.findExtent(at(counts.length)))).as("after the last").isEqualTo(all);
		assertThat(await(log.findExtent(new Position(1, 0)))).as("after the last").isEqualTo(all);
	}

	@Test
	void entriesAreFoundByTheTimeAtWhichTheyWereStored() {
		TopicLog log = open(this.engine, "t");
		assertThat(await(log.find(5))).isEqualTo(log.first());
		long[] times = { 10, 10, 12, 15, 15, 15, 20 };
		for (int i = 0; i < times.length; i++) {
			await(this.store.append(log, header("p", i, 1, times[i]), bytes(i, 10)));
		}
		this.store.append(open(this.engine, "u"), "p", 0, 1);
		assertTimes(log);
		assertTimes(restarted("t"));
	}

	private static void assertTimes(TopicLog log) {
		long[][] expected = { { 0, 0 }, { 10, 0 }, { 11, 2 }, { 12, 2 }, { 13, 3 }, { 15, 3 }, { 16, 6 }, { 20, 6 },
				{ 21, 7 }, { Long.MAX_VALUE, 7 } };
		for (long[] each : expected) {
			assertThat(await(log.find(each[0]))).as("at %s", each[0]).isEqualTo(at(each[1]));
		}
	}

	@Test
	void whenTheClockWasSetBackAnEntryIsFoundThatFollowsAnEarlierOne() {
		TopicLog log = open(this.engine, "t");
		long[] times = { 50, 60, 10, 20, 30, 70 };
		for (int i = 0; i < times.length; i++) {
			await(this.store.append(log, header("p", i, 1, times[i]), bytes(i, 10)));
		}
		for (long time = 0; time < 80; time += 5) {
			int found = (int) await(log.find(time)).entry();
			assertThat(found == times.length || times[found] >= time).as("at %s", time).isTrue();
			assertThat(found == 0 || times[found - 1] < time).as("before %s", time).isTrue();
		}
	}

	@Test
	void openingATopicAgainFencesTheEarlierWriter() {
		TopicLog earlier = open(this.engine, "t");
		this.store.append(earlier, "p", 0, 3);
		OpenedLog opened = opened(this.engine, "t");
		TopicLog later = opened.log();
		assertThat(opened.producers().get("p").batches()).hasSize(3);
		assertRefused(this.store.append(earlier, header("p", 3, 1), bytes(3, 10)), "opened again");
		assertRefused(earlier.cursors().create("s", SubscriptionType.SHARED, at(0)), "opened again");
		assertThat(this.store.append(later, "q", 0, 1)).containsExactly(later.lastConfirmed());
		assertThat(readAll(later)).hasSize(4);
	}

	@Test
	void closeCompletesWhatWasAsked() {
		TopicLog log = open(this.engine, "t");
		List<CompletionStage<Position>> appended = IntStream.range(0, 100)
			.mapToObj((sequence) -> this.store.append(log, header("p", sequence, 1), bytes(sequence, 10)))
			.toList();
		this.engine.close();
		assertThat(appended).allSatisfy((append) -> assertThat(append.toCompletableFuture()).isCompleted());
	}

	@Test
	void nothingWorksAfterClose() {
		TopicLog log = open(this.engine, "t");
		this.store.append(log, "p", 0, 2);
		this.engine.close();
		this.engine.close();
		assertRefused(this.store.append(log, header("p", 2, 1), bytes(2, 10)), "closed");
		assertRefused(log.read(Position.BEFORE_FIRST, 1, 1), "closed");
		assertRefused(log.read(at(99), 1, 1), "closed");
		assertRefused(log.cursors().create("s", SubscriptionType.SHARED, at(0)), "closed");
		assertRefused(log.cursors().acknowledge("s", StoreFixture.acknowledged(at(0))), "closed");
		assertRefused(log.cursors().delete("s"), "closed");
		assertRefused(log.cursors().move("s", CursorStore.Cursor.at(SubscriptionType.SHARED, at(0))), "closed");
		assertRefused(log.find(0), "closed");
		assertRefused(log.findExtent(at(0)), "closed");
		assertRefused(this.engine.open(new Topic("u"), StoreFixture.OWNER), "closed");
	}

}
