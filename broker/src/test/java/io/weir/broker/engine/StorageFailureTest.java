package io.weir.broker.engine;

import java.util.List;
import java.util.concurrent.CompletionException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** How what storage did, or did not do, becomes a command. */
class StorageFailureTest {

	@ParameterizedTest
	@CsvSource({ "FENCED, STORAGE_UNAVAILABLE, true", "UNAVAILABLE, STORAGE_UNAVAILABLE, true",
			"FAILED, STORAGE_FAILED, false", "DAMAGED, TOPIC_DAMAGED, false" })
	void eachKindMustBeFinalOrRetryable(Kind kind, ErrorCode code, boolean retryable) {
		StorageFailure failure = StorageFailure
			.of(new CompletionException(new StorageException(kind, "what happened", null)));
		assertThat(failure).isEqualTo(new StorageFailure(code, "what happened"));
		assertThat(failure.code().retryable()).isEqualTo(retryable);
	}

	@Test
	void failureThatTheStoreDidNotMakeMayPass() {
		StorageFailure failure = StorageFailure.of(new OutOfMemoryError("on purpose"));
		assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
		assertThat(failure.reason()).contains("on purpose");
	}

	@Test
	void commandThatNobodyHandlesMustReleaseItsBuffers() {
		ByteBuf published = Unpooled.buffer();
		ByteBuf read = Unpooled.buffer();
		Peer peer = new Peer(1, 1);
		MessageIndex index = MessageIndexes.even(1, 0);
		new Command.Publish(new ReplyTo(1, 1), peer, 0, index, BatchEncoding.plain(published), published).release();
		new Outcome.EntriesRead(new SubscriptionId("s", 1), List
			.of(new Entry(new Position(0, 0), new EntryHeader("p", 0, index, 0, BatchEncoding.plain(read)), read)))
			.release();
		new Command.Tick().release();
		assertThat(published.refCnt()).isZero();
		assertThat(read.refCnt()).isZero();
	}

}
