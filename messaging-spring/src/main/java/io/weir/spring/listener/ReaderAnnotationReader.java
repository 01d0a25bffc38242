package io.weir.spring.listener;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.spring.WeirReader;

/** Reads {@link WeirReader}. */
final class ReaderAnnotationReader implements EndpointReader {

	private static final Set<String> PROPERTIES = Set.of(AnnotationAttributes.RECEIVER_QUEUE_SIZE,
			AnnotationAttributes.RECEIVER_QUEUE_BYTES, AnnotationAttributes.IDLE_EVENT_INTERVAL);

	private final WeirReader annotation;

	private final AnnotationAttributes attributes;

	ReaderAnnotationReader(WeirReader annotation, ListenerExpressions expressions, NamedBeans beans) {
		this.annotation = annotation;
		this.attributes = new AnnotationAttributes("@WeirReader", expressions, beans);
	}

	@Override
	public boolean isBatch() {
		return Boolean.TRUE.equals(this.attributes.bool("batch", this.annotation.batch()));
	}

	@Override
	public boolean isReader() {
		return true;
	}

	@Override
	public WeirListenerEndpointBuilder read(String defaultId, WeirMessageListener listener) {
		AnnotationAttributes read = this.attributes;
		List<String> topics = read.several(this.annotation.topics());
		Map<String, String> properties = read.properties(PROPERTIES, this.annotation.properties());
		WeirListenerEndpointBuilder builder = WeirListenerEndpoint
			.builder(Objects.requireNonNullElse(read.text(this.annotation.id()), defaultId))
			.topics(topics.toArray(String[]::new))
			.batch(isBatch())
			.listener(listener)
			.consumer(consumer(properties))
			.nonRetryable(AnnotationAttributes.failures(this.annotation.nonRetryable(), this.annotation.retryable()));
		startAt(builder, topics, Objects.requireNonNullElse(read.text(this.annotation.startAt()), ""));
		int[] partitions = partitions(read.text(this.annotation.partitions()));
		if (partitions.length > 0) {
			builder.reader((topic, reader) -> reader.partitions(partitions));
		}
		if (Boolean.TRUE.equals(read.bool("compacted", this.annotation.compacted()))) {
			builder.reader((topic, reader) -> reader.compacted());
		}
		set(read.text(this.annotation.client()), builder::client);
		set(read.bool("autoStartup", this.annotation.autoStartup()), builder::autoStartup);
		set(read.bean("errorHandler", this.annotation.errorHandler(), WeirErrorHandler.class), builder::errorHandler);
		set(read.bean("filter", this.annotation.filter(), WeirMessageFilter.class), builder::filter);
		set(read.text(this.annotation.group()), builder::group);
		set(read.idleEventInterval(properties), builder::idleEventInterval);
		return builder;
	}

	private void startAt(WeirListenerEndpointBuilder builder, List<String> topics, String place) {
		InitialPosition end = end(place);
		if (end != null) {
			builder.initialPosition(end).reader((topic, reader) -> {
			});
			return;
		}
		Instant time = time(place);
		if (time != null) {
			builder.reader((topic, reader) -> reader.startAt(time));
			return;
		}
		MessageId id = id(place);
		if (topics.size() > 1) {
			throw this.attributes.wrong("startAt", place,
					"earliest, latest or a time, as there are several topics " + topics + " and an id is of one", null);
		}
		builder.reader((topic, reader) -> reader.startAt(id));
	}

	private static @Nullable InitialPosition end(String place) {
		return Arrays.stream(InitialPosition.values())
			.filter((end) -> end.name().equals(place.toUpperCase(Locale.ROOT)))
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Instant time(String place) {
		try {
			return OffsetDateTime.parse(place).toInstant();
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private MessageId id(String place) {
		IllegalArgumentException cause = null;
		try {
			MessageId id = MessageId.parse(place);
			if (id.isKnown()) {
				return id;
			}
		}
		catch (IllegalArgumentException ex) {
			cause = ex;
		}
		throw this.attributes.wrong("startAt", place,
				"earliest, latest, a time as 2026-01-31T12:00:00Z, or a message id as 0:0:42:7", cause);
	}

	private int[] partitions(@Nullable String partitions) {
		try {
			return Arrays.stream(StringUtils.commaDelimitedListToStringArray(partitions))
				.flatMapToInt(ReaderAnnotationReader::range)
				.distinct()
				.toArray();
		}
		catch (IllegalArgumentException ex) {
			throw this.attributes.wrong("partitions", partitions,
					"numbers from 0 to " + (Topic.MAX_PARTITIONS - 1) + " and ranges of them, as 0-2,5", ex);
		}
	}

	private static IntStream range(String range) {
		String[] ends = range.strip().split("-", 2);
		int first = Integer.parseInt(ends[0].strip());
		int last = (ends.length == 2) ? Integer.parseInt(ends[1].strip()) : first;
		if (first < 0 || last < first || last >= Topic.MAX_PARTITIONS) {
			throw new IllegalArgumentException("No range of partitions: " + range);
		}
		return IntStream.rangeClosed(first, last);
	}

	private ConsumerSettings consumer(Map<String, String> properties) {
		AnnotationAttributes read = this.attributes;
		return new ConsumerSettings(read.receiverQueueSize(properties), read.receiverQueueBytes(properties), null, null,
				ConsumerSettings.NONE.deadLetter(), read.backoff(this.annotation.backoff()));
	}

	@Override
	public WeirListenerContainerFactory containerFactory() {
		return this.attributes.containerFactory(this.annotation.containerFactory());
	}

}
