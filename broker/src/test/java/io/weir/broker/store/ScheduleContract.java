package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.ScheduleStore.Due;
import io.weir.broker.store.StoreFixture.Read;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.sealed;
import static org.assertj.core.api.Assertions.assertThat;

/** What the schedule of every storage engine must do. */
public abstract class ScheduleContract extends StoreContract {

	private static final long LATE = 1L << 42;

	private static Position add(TopicLog log, long due, long sequence) {
		return await(log.schedule().add(due, sealed(header("p", sequence, 1), bytes(sequence, 100)), buffer(sequence)));
	}

	private static ByteBuf buffer(long sequence) {
		return ByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes(sequence, 100));
	}

	/** The sequence ids of what is due, and when the next one is. */
	private static List<Long> read(TopicLog log, long upTo, int maxEntries, int maxBytes) {
		Due due = await(log.schedule().read(upTo, maxEntries, maxBytes));
		List<Long> read = new ArrayList<>();
		for (Entry entry : due.entries()) {
			long sequence = entry.header().firstSequence();
			assertThat(ByteBufUtil.getBytes(entry.batch())).isEqualTo(bytes(sequence, 100));
			read.add(sequence);
			entry.release();
		}
		read.add(due.nextDue());
		return read;
	}

	@Test
	void messagesAreReadInTheOrderInWhichTheyAreDue() {
		TopicLog log = open(this.engine, "t");
		long sequence = 0;
		for (long due : List.of(30L, 10L, 20L, 10L, LATE)) {
			add(log, due, sequence++);
		}
		add(open(this.engine, "another"), 1, 99);
		assertThat(read(log, 9, ALL, ALL)).containsExactly(10L);
		assertThat(read(log, 25, 2, ALL)).containsExactly(1L, 3L, 20L);
		assertThat(read(restarted("t"), 25, ALL, ALL)).containsExactly(1L, 3L, 2L, 30L);
		assertThat(read(restarted("t"), 25, ALL, 1)).containsExactly(1L, 10L);
		assertThat(read(restarted("t"), LATE, ALL, ALL)).containsExactly(1L, 3L, 2L, 0L, 4L, ScheduleStore.NEVER);
	}

	@Test
	void messageThatIsDueIsInTheLogOrInTheSchedule() {
		TopicLog log = open(this.engine, "t");
		Position first = add(log, 10, 0);
		Position second = add(log, 20, 1);
		assertThat(first).isNotEqualTo(second).isLessThan(second);
		this.store.append(log, "other", 0, 1);
		Position appended = await(log.schedule().append(first, header("p", 0, 1), buffer(0)));
		assertThat(appended).isEqualTo(log.lastConfirmed());
		assertThat(read(log, LATE, ALL, ALL)).containsExactly(1L, ScheduleStore.NEVER);
		assertThat(StoreFixture.readAll(log)).extracting(Read::position).containsExactly(StoreFixture.at(0), appended);
		TopicLog again = restarted("t");
		assertThat(again.schedule().firstDue()).isEqualTo(20);
		assertThat(again.schedule().size()).isOne();
		assertThat(again.lastConfirmed()).isEqualTo(appended);
		assertThat(again.extent().messages()).isEqualTo(2);
		assertThat(read(again, LATE, ALL, ALL)).containsExactly(1L, ScheduleStore.NEVER);
	}

	@Test
	void messageThatIsAddedLaterMayBeDueEarlier() {
		TopicLog log = open(this.engine, "t");
		Position first = add(log, 100, 0);
		add(log, 300, 1);
		assertThat(read(log, 150, ALL, ALL)).containsExactly(0L, 300L);
		await(log.schedule().append(first, header("p", 0, 1), buffer(0)));
		add(log, 50, 2);
		assertThat(read(log, 150, ALL, ALL)).containsExactly(2L, 300L);
	}

	@Test
	void messageThatWasRemovedNeverComes() {
		TopicLog log = open(this.engine, "t");
		Position first = add(log, 10, 0);
		Position second = add(log, 20, 1);
		assertThat(await(log.schedule().remove(first))).isTrue();
		assertThat(await(log.schedule().remove(first))).isFalse();
		assertThat(await(log.schedule().remove(ScheduledPosition.of(20, 7)))).isFalse();
		TopicLog again = restarted("t");
		assertThat(again.schedule().size()).isOne();
		assertThat(read(again, LATE, ALL, ALL)).containsExactly(1L, ScheduleStore.NEVER);
		assertThat(await(again.schedule().remove(second))).isTrue();
		assertThat(restarted("t").schedule().firstDue()).isEqualTo(ScheduleStore.NEVER);
	}

	@Test
	void positionsAreNeverGivenTwice() {
		Position first = add(open(this.engine, "t"), 10, 0);
		TopicLog again = restarted("t");
		await(again.schedule().remove(first));
		assertThat(add(restarted("t"), 10, 1)).isNotEqualTo(first);
	}

	@Test
	void scheduledMessagesAreRecognisedWhenTheyComeAgain() {
		TopicLog log = open(this.engine, "t");
		Position scheduled = add(log, 10, 5);
		await(log.schedule().append(scheduled, header("p", 5, 1), buffer(5)));
		assertThat(reopened("t").producers().get("p").batches()).singleElement()
			.satisfies((batch) -> assertThat(batch.position()).isEqualTo(scheduled));
	}

	@Test
	void deletedTopicHasNoSchedule() {
		TopicLog log = open(this.engine, "t");
		add(log, 10, 0);
		await(log.delete());
		TopicLog again = restarted("t");
		assertThat(again.schedule().firstDue()).isEqualTo(ScheduleStore.NEVER);
		assertThat(read(again, LATE, ALL, ALL)).containsExactly(ScheduleStore.NEVER);
	}

}
