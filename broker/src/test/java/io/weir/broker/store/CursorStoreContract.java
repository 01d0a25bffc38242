package io.weir.broker.store;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the cursors of every storage engine must do. */
public abstract class CursorStoreContract extends StoreContract {

	@Test
	void subscriptionsAreKeptWithWhatTheyAcknowledged() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.EXCLUSIVE, Position.BEFORE_FIRST));
		await(cursors.create("s2", SubscriptionType.SHARED, at(7)));
		await(cursors.acknowledge("s2", at(7), Map.of(at(9), bits(0, 5), at(300), bits(1000))));
		await(cursors.acknowledge("s2", at(8), Map.of(at(9), bits(0, 5, 6))));
		assertThat(reopened("t").cursors()).containsOnly(
				Map.entry("s", cursor(SubscriptionType.EXCLUSIVE, Position.BEFORE_FIRST, Map.of())), Map.entry("s2",
						cursor(SubscriptionType.SHARED, at(8), Map.of(at(9), bits(0, 5, 6), at(300), bits(1000)))));
	}

	@Test
	void whatTheCursorHasPassedIsForgotten() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		await(cursors.acknowledge("s", Position.BEFORE_FIRST, Map.of(at(1), bits(0), at(2), bits(1), at(3), bits(2))));
		CursorStore again = restarted("t").cursors();
		await(again.acknowledge("s", at(2), Map.of(at(2), bits(4), at(4), bits(3))));
		assertThat(reopened("t").cursors()).containsExactly(
				Map.entry("s", cursor(SubscriptionType.SHARED, at(2), Map.of(at(3), bits(2), at(4), bits(3)))));
	}

	@Test
	void twentyThousandHolesAreKept() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		Map<Position, BitSet> holes = new TreeMap<>();
		for (int entry = 0; entry < 20_000; entry++) {
			holes.put(at(1 + 2L * entry), bits(entry % 70));
		}
		List<CompletionStage<Void>> stored = new ArrayList<>();
		holes.forEach((position, bits) -> stored
			.add(cursors.acknowledge("s", Position.BEFORE_FIRST, Map.of(position, bits))));
		stored.forEach(StoreFixture::await);
		OpenedLog opened = reopened("t");
		CursorStore again = opened.log().cursors();
		assertThat(opened.cursors())
			.containsExactly(Map.entry("s", cursor(SubscriptionType.SHARED, Position.BEFORE_FIRST, holes)));
		await(again.acknowledge("s", at(39_999), Map.of()));
		assertThat(reopened("t").cursors())
			.containsExactly(Map.entry("s", cursor(SubscriptionType.SHARED, at(39_999), Map.of())));
	}

	@Test
	void acknowledgementsAreTakenAsTheyWereWhenStored() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		BitSet bits = bits(1);
		Map<Position, BitSet> changed = new TreeMap<>(Map.of(at(5), bits));
		CompletionStage<Void> stored = cursors.acknowledge("s", Position.BEFORE_FIRST, changed);
		bits.set(2);
		changed.clear();
		await(stored);
		assertThat(reopened("t").cursors()).containsExactly(
				Map.entry("s", cursor(SubscriptionType.SHARED, Position.BEFORE_FIRST, Map.of(at(5), bits(1)))));
	}

	@Test
	void movedSubscriptionForgetsWhatItAcknowledgedBefore() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.FAILOVER, at(5)));
		await(cursors.create("s.", SubscriptionType.SHARED, at(5)));
		await(cursors.acknowledge("s", at(5), Map.of(at(7), bits(0), at(9), bits(1))));
		await(cursors.acknowledge("s.", at(5), Map.of(at(7), bits(0))));
		await(cursors.move("s", at(2), Map.of(at(3), bits(0, 1), at(9), bits(4))));
		Map<String, Cursor> moved = Map.of("s",
				cursor(SubscriptionType.FAILOVER, at(2), Map.of(at(3), bits(0, 1), at(9), bits(4))), "s.",
				cursor(SubscriptionType.SHARED, at(5), Map.of(at(7), bits(0))));
		OpenedLog opened = reopened("t");
		CursorStore again = opened.log().cursors();
		assertThat(opened.cursors()).isEqualTo(moved);
		await(again.acknowledge("s", at(3), Map.of(at(4), bits(2))));
		await(again.move("s", at(8), Map.of()));
		await(again.acknowledge("s", at(8), Map.of(at(9), bits(1))));
		assertThat(reopened("t").cursors()).containsEntry("s",
				cursor(SubscriptionType.FAILOVER, at(8), Map.of(at(9), bits(1))));
		assertRefused(open(this.engine, "t").cursors().move("x", at(0), Map.of()), "'x'");
	}

	@Test
	void deletedSubscriptionIsGoneAndItsNeighboursAreNot() {
		CursorStore cursors = open(this.engine, "t").cursors();
		for (String name : List.of("s", "s0", "ss", "é")) {
			await(cursors.create(name, SubscriptionType.SHARED, at(1)));
			await(cursors.acknowledge(name, at(1), Map.of(at(3), bits(0))));
		}
		await(cursors.delete("s"));
		await(cursors.delete("never there"));
		Cursor expected = cursor(SubscriptionType.SHARED, at(1), Map.of(at(3), bits(0)));
		OpenedLog opened = reopened("t");
		CursorStore again = opened.log().cursors();
		assertThat(opened.cursors()).containsOnly(Map.entry("s0", expected), Map.entry("ss", expected),
				Map.entry("é", expected));
		await(again.create("s", SubscriptionType.EXCLUSIVE, at(2)));
		assertThat(reopened("t").cursors()).containsEntry("s", cursor(SubscriptionType.EXCLUSIVE, at(2), Map.of()));
	}

	@Test
	void wrongCursorChangesAreRefusedAndHarmNothing() {
		TopicLog log = open(this.engine, "t");
		await(log.cursors().create("s", SubscriptionType.SHARED, at(1)));
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> await(log.cursors().create("s", SubscriptionType.SHARED, at(0))))
			.withMessageContaining("'s'");
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> await(log.cursors().acknowledge("x", at(0), Map.of())))
			.withMessageContaining("'x'");
		this.store.append(log, "p", 0, 1);
		assertThat(reopened("t").cursors())
			.containsExactly(Map.entry("s", cursor(SubscriptionType.SHARED, at(1), Map.of())));
	}

	@Test
	void redeliveryCountsAreKeptUntilTheCursorPassesThemOrTheyAreForgotten() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		await(cursors.create("s.", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		RedeliveryCounts some = RedeliveryCounts.of(4000, (index) -> (index < 17) ? 0 : 3 + index % 2);
		RedeliveryCounts others = RedeliveryCounts.of(1, (index) -> 1);
		await(cursors.acknowledge("s", Position.BEFORE_FIRST, Map.of(at(3), bits(1)),
				Map.of(at(1), others, at(2), some, at(3), some, at(4), others)));
		await(cursors.acknowledge("s.", Position.BEFORE_FIRST, Map.of(), Map.of(at(1), others)));
		OpenedLog opened = reopened("t");
		assertThat(opened.cursors().get("s").redeliveries())
			.isEqualTo(Map.of(at(1), others, at(2), some, at(3), some, at(4), others));
		CursorStore again = opened.log().cursors();
		await(again.acknowledge("s", at(1), Map.of(),
				Map.of(at(1), some, at(2), others, at(4), RedeliveryCounts.NONE)));
		opened = reopened("t");
		assertThat(opened.cursors().get("s").redeliveries()).isEqualTo(Map.of(at(2), others, at(3), some));
		assertThat(opened.cursors().get("s.").redeliveries()).isEqualTo(Map.of(at(1), others));
		await(opened.log().cursors().move("s", at(1), Map.of()));
		assertThat(reopened("t").cursors().get("s").redeliveries()).isEmpty();
	}

}
