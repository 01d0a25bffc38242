package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
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
		await(cursors.acknowledge("s2",
				change(at(7), at(9), Map.of(at(9), partial(9, 0, 5), at(300), partial(0, 1000)), Set.of())));
		await(cursors.acknowledge("s2", change(at(8), at(12), Map.of(at(9), partial(9, 0, 5, 6)), Set.of(at(10)))));
		assertThat(reopened("t").cursors()).containsOnly(
				Map.entry("s", Cursor.at(SubscriptionType.EXCLUSIVE, Position.BEFORE_FIRST)),
				Map.entry("s2", cursor(SubscriptionType.SHARED, at(8), at(12),
						Map.of(at(9), partial(9, 0, 5, 6), at(300), partial(0, 1000)))));
	}

	@Test
	void subscriptionsOfOneNameAreKeptApartByTopic() {
		CursorStore ofOne = open(this.engine, "one").cursors();
		CursorStore ofOther = open(this.engine, "other").cursors();
		await(ofOne.create("s", SubscriptionType.SHARED, at(1)));
		await(ofOther.create("s", SubscriptionType.FAILOVER, at(5)));
		await(ofOne.acknowledge("s", change(at(1), at(3), Map.of(at(3), partial(2, 0)), Set.of())));
		restart();
		assertThat(opened(this.engine, "one").cursors()).containsExactly(
				Map.entry("s", cursor(SubscriptionType.SHARED, at(1), at(3), Map.of(at(3), partial(2, 0)))));
		assertThat(opened(this.engine, "other").cursors())
			.containsExactly(Map.entry("s", Cursor.at(SubscriptionType.FAILOVER, at(5))));
		await(opened(this.engine, "other").log().cursors().delete("s"));
		assertThat(reopened("one").cursors()).containsKey("s");
		assertThat(opened(this.engine, "other").cursors()).isEmpty();
	}

	@Test
	void whatIsSaidToBeForgottenIsForgotten() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		await(cursors.acknowledge("s", change(Position.BEFORE_FIRST, at(3),
				Map.of(at(1), partial(1), at(2), partial(2, 1), at(3), partial(3, 2)), Set.of())));
		CursorStore again = restarted("t").cursors();
		await(again.acknowledge("s", change(at(2), at(4), Map.of(at(4), partial(4, 3)), Set.of(at(1), at(2)))));
		assertThat(reopened("t").cursors()).containsExactly(Map.entry("s",
				cursor(SubscriptionType.SHARED, at(2), at(4), Map.of(at(3), partial(3, 2), at(4), partial(4, 3)))));
	}

	@Test
	void twentyThousandHolesAreKept() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		Map<Position, PartialEntry> holes = new TreeMap<>();
		for (int entry = 0; entry < 20_000; entry++) {
			holes.put(at(1 + 2L * entry), partial(71, entry % 70));
		}
		List<CompletionStage<Void>> stored = new ArrayList<>();
		holes.forEach((position, hole) -> stored
			.add(cursors.acknowledge("s", change(Position.BEFORE_FIRST, position, Map.of(position, hole), Set.of()))));
		stored.forEach(StoreFixture::await);
		OpenedLog opened = reopened("t");
		CursorStore again = opened.log().cursors();
		assertThat(opened.cursors())
			.containsExactly(Map.entry("s", cursor(SubscriptionType.SHARED, Position.BEFORE_FIRST, at(39_999), holes)));
		await(again.acknowledge("s", change(at(39_999), at(39_999), Map.of(), holes.keySet())));
		assertThat(reopened("t").cursors())
			.containsExactly(Map.entry("s", Cursor.at(SubscriptionType.SHARED, at(39_999))));
	}

	@Test
	void movedSubscriptionForgetsWhatItAcknowledgedBefore() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.FAILOVER, at(5)));
		await(cursors.create("s.", SubscriptionType.SHARED, at(5)));
		CursorChange change = change(at(5), at(9), Map.of(at(7), partial(1), at(9), partial(2, 1)), Set.of());
		await(cursors.acknowledge("s", change));
		await(cursors.acknowledge("s.", change));
		Cursor target = cursor(SubscriptionType.FAILOVER, at(2), at(2),
				Map.of(at(3), partial(0, 0, 1), at(9), partial(0, 4)));
		await(cursors.move("s", target));
		OpenedLog opened = reopened("t");
		CursorStore again = opened.log().cursors();
		assertThat(opened.cursors())
			.isEqualTo(Map.of("s", target, "s.", cursor(SubscriptionType.SHARED, at(5), at(9), change.kept())));
		await(again.move("s", Cursor.at(SubscriptionType.FAILOVER, at(8))));
		await(again.acknowledge("s", change(at(8), at(9), Map.of(at(9), partial(3, 1)), Set.of())));
		assertThat(reopened("t").cursors()).containsEntry("s",
				cursor(SubscriptionType.FAILOVER, at(8), at(9), Map.of(at(9), partial(3, 1))));
		assertRefused(open(this.engine, "t").cursors().move("x", target), "'x'");
	}

	@Test
	void deletedSubscriptionIsGoneAndItsNeighboursAreNot() {
		CursorStore cursors = open(this.engine, "t").cursors();
		CursorChange change = change(at(1), at(4), Map.of(at(3), partial(2, 0)), Set.of());
		for (String name : List.of("s", "s0", "ss", "é")) {
			await(cursors.create(name, SubscriptionType.SHARED, at(1)));
			await(cursors.acknowledge(name, change));
		}
		await(cursors.delete("s"));
		await(cursors.delete("never there"));
		Cursor expected = cursor(SubscriptionType.SHARED, at(1), at(4), change.kept());
		OpenedLog opened = reopened("t");
		CursorStore again = opened.log().cursors();
		assertThat(opened.cursors()).containsOnly(Map.entry("s0", expected), Map.entry("ss", expected),
				Map.entry("é", expected));
		await(again.create("s", SubscriptionType.EXCLUSIVE, at(2)));
		assertThat(reopened("t").cursors()).containsEntry("s", Cursor.at(SubscriptionType.EXCLUSIVE, at(2)));
	}

	@Test
	void wrongCursorChangesAreRefusedAndHarmNothing() {
		TopicLog log = open(this.engine, "t");
		await(log.cursors().create("s", SubscriptionType.SHARED, at(1)));
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> await(log.cursors().create("s", SubscriptionType.SHARED, at(0))))
			.withMessageContaining("'s'");
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> await(log.cursors().acknowledge("x", StoreFixture.acknowledged(at(0)))))
			.withMessageContaining("'x'");
		this.store.append(log, "p", 0, 1);
		assertThat(reopened("t").cursors()).containsExactly(Map.entry("s", Cursor.at(SubscriptionType.SHARED, at(1))));
	}

	@Test
	void redeliveryCountsAreKeptUntilTheCursorPassesThemOrTheyAreForgotten() {
		CursorStore cursors = open(this.engine, "t").cursors();
		await(cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		await(cursors.create("s.", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		RedeliveryCounts some = RedeliveryCounts.of(4000, (index) -> (index < 17) ? 0 : 3 + index % 2);
		RedeliveryCounts others = RedeliveryCounts.of(1, (index) -> 1);
		await(cursors.acknowledge("s",
				redelivered(Position.BEFORE_FIRST, Map.of(at(1), others, at(2), some, at(3), some, at(4), others))));
		await(cursors.acknowledge("s.", redelivered(Position.BEFORE_FIRST, Map.of(at(1), others))));
		OpenedLog opened = reopened("t");
		assertThat(opened.cursors().get("s").redeliveries())
			.isEqualTo(Map.of(at(1), others, at(2), some, at(3), some, at(4), others));
		CursorStore again = opened.log().cursors();
		await(again.acknowledge("s",
				redelivered(at(1), Map.of(at(1), some, at(2), others, at(4), RedeliveryCounts.NONE))));
		opened = reopened("t");
		assertThat(opened.cursors().get("s").redeliveries()).isEqualTo(Map.of(at(2), others, at(3), some));
		assertThat(opened.cursors().get("s.").redeliveries()).isEqualTo(Map.of(at(1), others));
		await(opened.log().cursors().move("s", Cursor.at(SubscriptionType.SHARED, at(1))));
		assertThat(reopened("t").cursors().get("s").redeliveries()).isEmpty();
	}

	private static CursorChange change(Position upTo, Position holesUpTo, Map<Position, PartialEntry> kept,
			Set<Position> forgotten) {
		return new CursorChange(upTo, holesUpTo, kept, forgotten, Map.of());
	}

	private static CursorChange redelivered(Position upTo, Map<Position, RedeliveryCounts> counts) {
		return new CursorChange(upTo, upTo, Map.of(), Set.of(), counts);
	}

}
