package io.weir.wire.codec;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** A new frame cannot be forgotten anywhere. */
class FrameTypeTest {

	@RegisterExtension
	final Buffers buffers = new Buffers();

	@Test
	void everyFrameHasOneTypeAndASample() {
		List<Frame> samples = Samples.all(this.buffers.alloc());
		assertThat(samples.stream().<Class<?>>map(Frame::getClass).distinct())
			.containsExactlyInAnyOrder(Frame.class.getPermittedSubclasses());
		assertThat(FrameType.values()).hasSameSizeAs(Frame.class.getPermittedSubclasses());
		samples.forEach(Frame::release);
	}

	@ParameterizedTest
	@EnumSource(FrameType.class)
	void aTypeIsFoundByItsFramesAndByItsNumber(FrameType type) {
		Samples.of(type, this.buffers.alloc()).forEach((frame) -> {
			assertThat(FrameType.of(frame)).isSameAs(type);
			frame.release();
		});
		assertThat(FrameType.of(type.number())).isSameAs(type);
	}

	@Test
	void numbersAreDistinctAndOnlyWhatIsForPeopleMayBeSkippedByThoseWhoDoNotKnowIt() {
		assertThat(Arrays.stream(FrameType.values()).map(FrameType::number)).doesNotHaveDuplicates();
		assertThat(FrameType.values()).filteredOn((type) -> FrameType.isSkippable(type.number()))
			.containsExactly(FrameType.MESSAGES_TRIMMED);
	}

}
