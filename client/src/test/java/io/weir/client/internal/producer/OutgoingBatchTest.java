package io.weir.client.internal.producer;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression.EncodedBatch;

import static org.assertj.core.api.Assertions.assertThat;

class OutgoingBatchTest {

	private static final ProtocolException REFUSAL = new ProtocolException(ErrorCode.CHECKSUM_MISMATCH, "refused");

	private final ByteBuf bytes = Unpooled.buffer().writeZero(100);

	private final OutgoingBatch batch = new OutgoingBatch(0, List.of(),
			new EncodedBatch(BatchEncoding.plain(this.bytes), this.bytes), null);

	@AfterEach
	void settle() {
		this.batch.settle();
	}

	@Test
	void whatIsDamagedOnItsWayIsWorthAnotherTryButNotForEver() {
		for (int tries = 1; tries < OutgoingBatch.MAX_TRIES; tries++) {
			assertThat(this.batch.damaged(REFUSAL)).isNull();
		}
		assertThat(this.batch.damaged(REFUSAL)).isSameAs(REFUSAL);
	}

	@Test
	void whatHasChangedInTheClientsMemoryIsNotSentAgain() {
		this.bytes.setByte(50, 1);
		assertThat(this.batch.damaged(REFUSAL)).returns(ErrorCode.CHECKSUM_MISMATCH, ProtocolException::code)
			.hasMessageContaining("have changed in this client's memory")
			.hasCause(REFUSAL);
	}

}
