package io.weir.spring.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.Reader;
import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * A reader.
 *
 * @param source gives it messages
 */
record FakeReader<T>(FakeConsumer<T> source) implements Reader<T> {

	@Override
	public Message<T> read() {
		return this.source.receive();
	}

	@Override
	public @Nullable Message<T> read(Duration timeout) {
		return this.source.receive(timeout);
	}

	@Override
	public CompletableFuture<Message<T>> readAsync() {
		return this.source.receiveAsync();
	}

	@Override
	public void seek(MessageId id) {
		this.source.seek(id);
	}

	@Override
	public void seek(Instant publishTime) {
		this.source.seek(publishTime);
	}

	@Override
	public CompletableFuture<Void> seekAsync(MessageId id) {
		return this.source.seekAsync(id);
	}

	@Override
	public CompletableFuture<Void> seekAsync(Instant publishTime) {
		return this.source.seekAsync(publishTime);
	}

	@Override
	public String topic() {
		return this.source.topic();
	}

	@Override
	public boolean isConnected() {
		return this.source.isConnected();
	}

	@Override
	public void close() {
		this.source.close();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return this.source.closeAsync();
	}

}
