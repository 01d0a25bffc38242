package io.weir.spring.listener;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.format.datetime.standard.DateTimeFormatterRegistrar;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.Assert;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirHeaders;

/**
 * Parameters that are headers: one of a message, one of each message of a batch as a
 * {@code List}, or all. What could never be converted is refused when the listener is
 * registered.
 */
final class HeaderArguments {

	/** All others are what the producer set, and text. */
	private static final Map<String, Class<?>> TYPES = Map.of(WeirHeaders.PARTITION, Integer.class,
			WeirHeaders.MESSAGE_ID, MessageId.class, WeirHeaders.PUBLISH_TIME, Instant.class, WeirHeaders.EVENT_TIME,
			Instant.class, WeirHeaders.SEQUENCE_ID, Long.class, WeirHeaders.REDELIVERY_COUNT, Integer.class,
			WeirHeaders.ACKNOWLEDGEMENT, Acknowledgement.class);

	/** The same for all messages of a batch. */
	private static final Set<String> OF_A_BATCH = Set.of(WeirHeaders.TOPIC, WeirHeaders.ACKNOWLEDGEMENT);

	private static final Set<Class<?>> ALL = Set.of(Map.class, MessageHeaders.class, MessageHeaderAccessor.class);

	private final ConversionService conversion = conversion();

	private final ConfigurableBeanFactory beanFactory;

	private final HeaderMethodArgumentResolver one;

	private final HeadersMethodArgumentResolver all = new HeadersMethodArgumentResolver();

	HeaderArguments(ConfigurableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.one = new HeaderMethodArgumentResolver(this.conversion, beanFactory);
	}

	/** Times as they are meant, whatever the locale: ISO 8601, and UTC. */
	private static ConversionService conversion() {
		DefaultFormattingConversionService service = new DefaultFormattingConversionService();
		DateTimeFormatterRegistrar iso = new DateTimeFormatterRegistrar();
		iso.setUseIsoFormat(true);
		iso.registerFormatters(service);
		service.addConverter(Instant.class, OffsetDateTime.class, (time) -> time.atOffset(ZoneOffset.UTC));
		service.addConverter(Instant.class, ZonedDateTime.class, (time) -> time.atZone(ZoneOffset.UTC));
		return service;
	}

	/**
	 * Finds out how to make the value of a parameter.
	 * @return how, or {@code null} if it is not about headers
	 * @throws IllegalStateException if the header cannot be what the parameter wants
	 */
	@Nullable ListenerArgument of(MethodParameter parameter, boolean batch) {
		if (isAll(parameter)) {
			Assert.state(ALL.contains(parameter.getParameterType()),
					() -> "all headers are a Map, MessageHeaders or MessageHeaderAccessor, not "
							+ parameter.getParameterType().getName());
			return (incoming) -> this.all.resolveArgument(parameter, incoming.headers());
		}
		Header annotation = parameter.getParameterAnnotation(Header.class);
		if (annotation == null) {
			return null;
		}
		String name = name(annotation, parameter);
		Class<?> type = TYPES.getOrDefault(name, String.class);
		if (batch && !OF_A_BATCH.contains(name)) {
			return ofEach(name, type, parameter);
		}
		requireConvertible(name, type, new TypeDescriptor(parameter));
		return (incoming) -> convert(parameter, incoming,
				() -> this.one.resolveArgument(parameter, incoming.headers()));
	}

	boolean isAll(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Headers.class) || this.all.supportsParameter(parameter);
	}

	private String name(Header annotation, MethodParameter parameter) {
		String name = annotation.name().isEmpty() ? parameter.getParameterName() : annotation.name();
		Assert.state(name != null,
				"@Header does not name the header, and the class was compiled without the names of parameters");
		return String.valueOf(this.beanFactory.resolveEmbeddedValue(name));
	}

	private ListenerArgument ofEach(String name, Class<?> type, MethodParameter parameter) {
		TypeDescriptor list = new TypeDescriptor(parameter);
		Assert.state(list.getType() == List.class, () -> "the method takes batches, so header '" + name
				+ "' must be a List, with the header of each message, not " + list.getType().getName());
		TypeDescriptor element = list.getElementTypeDescriptor();
		TypeDescriptor target = (element != null) ? element : TypeDescriptor.valueOf(Object.class);
		requireConvertible(name, type, target);
		return (incoming) -> convert(parameter, incoming, () -> {
			List<@Nullable Object> values = new ArrayList<>();
			for (Message<byte[]> message : incoming.messages()) {
				Object value = IncomingHeaders.of(message, incoming.acknowledgement()).get(name);
				values.add(this.conversion.convert(value, TypeDescriptor.valueOf(type), target));
			}
			return values;
		});
	}

	private void requireConvertible(String name, Class<?> type, TypeDescriptor target) {
		Assert.state(this.conversion.canConvert(TypeDescriptor.valueOf(type), target), () -> "header '" + name
				+ "' is of type " + type.getName() + ", which cannot be converted to " + target.getName());
	}

	/** One exception for all headers that cannot be had. */
	private static @Nullable Object convert(MethodParameter parameter, Incoming incoming, Conversion conversion)
			throws Exception {
		try {
			return conversion.convert();
		}
		catch (ConversionException | MessageHandlingException ex) {
			throw new MethodArgumentResolutionException(incoming.headers(), parameter, String.valueOf(ex.getMessage()),
					ex);
		}
	}

	@FunctionalInterface
	private interface Conversion {

		@Nullable Object convert() throws Exception;

	}

}
