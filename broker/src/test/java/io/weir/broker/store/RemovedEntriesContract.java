package io.weir.broker.store;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.StoreFixture.Read;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.read;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

/** What the logs of every storage engine must do with entries that are removed. */
public abstract class RemovedEntriesContract extends StoreContract {

	@Test
	void removedEntriesAreReadNoMoreAndTheOthersStayWhereTheyAre() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = this.store.append(log, "p", 0, 10);
		List<Read> all = readAll(log);
		await(log.remove(Set.of(positions.get(0), positions.get(3), positions.get(4), positions.get(7))));
		List<Read> kept = IntStream.of(1, 2, 5, 6, 8, 9).mapToObj(all::get).toList();
		assertKept(log, positions, kept);
		assertKept(restarted("t"), positions, kept);
	}

	private void assertKept(TopicLog log, List<Position> positions, List<Read> kept) {
		assertThat(readAll(log)).isEqualTo(kept);
		assertThat(read(log, positions.get(3), ALL, ALL)).startsWith(kept.get(2)).isSubsetOf(kept.subList(2, 6));
		assertThat(read(log, positions.get(2), 2, ALL)).startsWith(kept.get(1)).hasSizeBetween(1, 2);
		assertThat(read(log, positions.get(4), 1, ALL)).isEqualTo(kept.subList(2, 3));
		assertThat(log.lastConfirmed()).isEqualTo(positions.get(9));
		assertThat(log.first()).isEqualTo(positions.get(0));
		assertThat(log.extent().messages()).isEqualTo(10);
		assertThat(await(log.findExtent(positions.get(9))).messages()).isEqualTo(10);
		assertThat(await(log.findExtent(positions.get(2))).messages()).isEqualTo(3);
		assertThat(await(log.findExtent(positions.get(7))).messages()).isBetween(7L, 8L);
	}

	@Test
	void logGoesOnBehindTheLastEntryWhateverIsRemoved() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = this.store.append(log, "p", 0, 5);
		await(log.remove(new LinkedHashSet<>(positions.subList(0, 4))));
		Position next = await(this.store.append(log, header("p", 5, 1), bytes(5, 100)));
		assertThat(next).isEqualTo(positions.get(4).after());
		assertThat(readAll(log)).extracting(Read::position).containsExactly(positions.get(4), next);
		assertThat(readAll(restarted("t"))).extracting(Read::position).containsExactly(positions.get(4), next);
	}

	@Test
	void timeIsFoundAmongWhatIsLeft() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = this.store.append(log, "p", 0, 10);
		List<Read> all = readAll(log);
		await(log.remove(new LinkedHashSet<>(positions.subList(2, 8))));
		long time = all.get(8).header().publishTime();
		Position found = await(log.find(time));
		assertThat(read(log, found, 1, ALL)).singleElement()
			.satisfies((read) -> assertThat(read.header().publishTime()).isGreaterThanOrEqualTo(time));
	}

	@Test
	void logIsTrimmedInTheMiddleOfWhatWasRemoved() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = this.store.append(log, "p", 0, 10);
		await(log.remove(new LinkedHashSet<>(positions.subList(2, 8))));
		await(log.trim(positions.get(5)));
		assertThat(readAll(log)).extracting(Read::position).containsExactly(positions.get(8), positions.get(9));
		TopicLog again = restarted("t");
		assertThat(readAll(again)).extracting(Read::position).containsExactly(positions.get(8), positions.get(9));
		assertThat(read(again, positions.get(3), 1, ALL)).extracting(Read::position).containsExactly(positions.get(8));
	}

	/** Runs grow, touch and become one in any order. */
	@Test
	void entriesMayBeRemovedAgainAndAgain() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = this.store.append(log, "p", 0, 200);
		Random random = new Random(7);
		Set<Position> left = new TreeSet<>(positions);
		for (int round = 0; round < 12; round++) {
			Set<Position> removed = new LinkedHashSet<>();
			for (int i = 0; i < 15; i++) {
				removed.add(positions.get(random.nextInt(199)));
			}
			await(log.remove(removed));
			left.removeAll(removed);
			assertThat(readAll(log)).extracting(Read::position).containsExactlyElementsOf(left);
			if (round % 4 == 3) {
				log = restarted("t");
				assertThat(readAll(log)).extracting(Read::position).containsExactlyElementsOf(left);
			}
		}
	}

}
