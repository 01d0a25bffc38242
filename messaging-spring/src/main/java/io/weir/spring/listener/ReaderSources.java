package io.weir.spring.listener;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.weir.client.ReaderBuilder;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.spring.ReaderCustomizer;

/**
 * Makes the readers of one container, each of which goes on where the one before it has
 * ended. Safe to use from any thread.
 */
final class ReaderSources implements Function<String, CompletableFuture<MessageSource>> {

	private final WeirClient client;

	private final ContainerSettings settings;

	private final InitialPosition start;

	private final ReaderCustomizer customizer;

	private final Map<String, ReadProgress> progress = new ConcurrentHashMap<>();

	ReaderSources(WeirClient client, ContainerSettings settings, InitialPosition start, ReaderCustomizer customizer) {
		this.client = client;
		this.settings = settings;
		this.start = start;
		this.customizer = customizer;
	}

	@Override
	public CompletableFuture<MessageSource> apply(String topic) {
		ReadProgress ofTopic = this.progress.computeIfAbsent(topic, (name) -> new ReadProgress());
		ofTopic.begin();
		return MessageSource.of(builder(topic).resumeAfter(ofTopic.done()).createAsync(),
				(reader) -> new ReaderSource(reader, ofTopic, this.settings.consumer().backoff().rule()));
	}

	ReaderBuilder<byte[]> builder(String topic) {
		ReaderBuilder<byte[]> builder = this.client.reader(Schema.bytes())
			.topic(topic)
			.startAt(this.start)
			.receiverQueueSize(this.settings.receiverQueueSize());
		Long bytes = this.settings.consumer().receiverQueueBytes();
		if (bytes != null) {
			builder.receiverQueueBytes(bytes);
		}
		this.customizer.customize(topic, builder);
		return builder;
	}

}
