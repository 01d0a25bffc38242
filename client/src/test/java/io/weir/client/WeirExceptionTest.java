package io.weir.client;

import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;

import io.weir.message.SchemaException;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

class WeirExceptionTest {

	@Test
	void messageBeginsWithTheCodeOnceHoweverOftenItIsWrapped() {
		WeirException failure = WeirException.from(new CompletionException(
				new WeirException(ErrorCode.QUEUE_FULL, "no room", new ProtocolException(ErrorCode.QUEUE_FULL, "x"))));
		assertThat(failure).hasMessage("QUEUE_FULL: no room");
		assertThat(failure.reason()).isEqualTo("no room");
		assertThat(failure.toString()).containsOnlyOnce("QUEUE_FULL");
		assertThat(WeirException.from(new ProtocolException(ErrorCode.TIMEOUT, "too late")))
			.hasMessage("TIMEOUT: too late");
		assertThat(WeirException.from(new SchemaException("no JSON", null))).hasMessage("SCHEMA: no JSON");
	}

}
