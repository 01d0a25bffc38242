package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

class ReadAheadTest {

	private static final int LARGE = ReadAhead.MAX_BYTES / 2;

	private final ReadAhead readAhead = new ReadAhead();

	private final List<ByteBuf> buffers = new ArrayList<>();

	@AfterEach
	void allBuffersMustBeReleased() {
		this.readAhead.clear();
		assertThat(this.buffers).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	@Test
	void whatIsTooMuchMustBeLetGoBeginningWithTheLast() {
		this.readAhead.add(entry(1, LARGE));
		this.readAhead.add(entry(2, LARGE));
		assertThat(held(3)).as("all that may be kept").containsExactly(1L, 2L);
		this.readAhead.add(entry(0, 1));
		assertThat(held(3)).containsExactly(0L, 1L);
		this.readAhead.add(entry(2, LARGE - 1));
		assertThat(held(3)).as("room as before").containsExactly(0L, 1L, 2L);
	}

	@Test
	void singleEntryMustBeKeptHoweverLargeItIs() {
		this.readAhead.add(entry(1, 3 * LARGE));
		assertThat(held(2)).containsExactly(1L);
		this.readAhead.add(entry(0, 3 * LARGE));
		assertThat(held(2)).containsExactly(0L);
	}

	@Test
	void nothingMustBeLetGoThatIsStillToBeLookedAt() {
		for (int entry = 0; entry < 4; entry++) {
			this.readAhead.keep(entry(entry, LARGE));
		}
		assertThat(held(4)).containsExactly(0L, 1L, 2L, 3L);
		this.readAhead.trim();
		assertThat(held(4)).containsExactly(0L);
	}

	@Test
	void trimmingMustLetGoOfASingleLargeEntryToo() {
		this.readAhead.keep(entry(0, LARGE + 1));
		this.readAhead.trim();
		assertThat(held(1)).isEmpty();
	}

	@Test
	void entryThatIsReadAgainMustReplaceTheFormerOne() {
		this.readAhead.add(entry(0, LARGE));
		this.readAhead.add(entry(0, LARGE));
		this.readAhead.add(entry(1, LARGE));
		assertThat(this.buffers.get(0).refCnt()).isZero();
		assertThat(held(2)).containsExactly(0L, 1L);
	}

	@Test
	void roomOfWhatIsTakenOrDroppedMustBeFree() {
		this.readAhead.add(entry(0, LARGE));
		this.readAhead.add(entry(1, LARGE));
		Entry taken = this.readAhead.take(new Position(0, 0));
		assertThat(taken.batch().refCnt()).as("whoever takes it releases it").isOne();
		taken.release();
		this.readAhead.drop(new Position(0, 1));
		assertThat(this.buffers.get(1).refCnt()).isZero();
		this.readAhead.add(entry(2, LARGE));
		this.readAhead.add(entry(3, LARGE));
		assertThat(held(4)).containsExactly(2L, 3L);
		this.readAhead.clear();
		this.readAhead.add(entry(0, LARGE));
		this.readAhead.add(entry(1, LARGE));
		assertThat(held(4)).containsExactly(0L, 1L);
	}

	@Test
	void whatIsNotThereMustNeitherBeTakenNorDropped() {
		assertThat(this.readAhead.take(new Position(0, 0))).isNull();
		this.readAhead.drop(new Position(0, 0));
		this.readAhead.add(entry(0, LARGE));
		assertThat(this.readAhead.take(new Position(0, 1))).isNull();
		this.readAhead.drop(new Position(0, 1));
		assertThat(held(2)).containsExactly(0L);
	}

	private List<Long> held(int entries) {
		return LongStream.range(0, entries)
			.filter((entry) -> this.readAhead.contains(new Position(0, entry)))
			.boxed()
			.toList();
	}

	private Entry entry(long entry, int bytes) {
		ByteBuf batch = Unpooled.buffer(bytes).writeZero(bytes);
		this.buffers.add(batch);
		return new Entry(new Position(0, entry),
				new EntryHeader("p", 0, TopicHarness.index(entry, 1), 1, BatchEncoding.plain(batch)), batch);
	}

}
