package io.weir.broker.session;

import java.util.Set;

import org.junit.jupiter.api.Test;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class DroppedFramesTest {

	private final DroppedFrames dropped = new DroppedFrames();

	@Test
	void producersThatShareAStreamMustEachBeOpenedAgainBehindADroppedFrame() {
		this.dropped.dropped(4, Set.of(1L, 2L));
		this.dropped.forget(3);
		this.dropped.forget(1);
		assertThatNoException().isThrownBy(() -> this.dropped.check(4, 1));
		assertThatNoException().isThrownBy(() -> this.dropped.check(4, 3));
		assertThatNoException().isThrownBy(() -> this.dropped.check(8, 2));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.dropped.check(4, 2))
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.UNKNOWN_PRODUCER);
	}

	@Test
	void nothingIsKeptOfAStreamThatHasEnded() {
		this.dropped.dropped(4, Set.of(1L));
		this.dropped.ended(4);
		assertThatNoException().isThrownBy(() -> this.dropped.check(4, 1));
	}

}
