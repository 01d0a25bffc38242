package io.weir.spring;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamSource;
import org.springframework.core.io.Resource;

import io.weir.message.Headers;
import io.weir.message.Schema;
import io.weir.message.SchemaException;
import io.weir.spring.fake.FakeProducer;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SchemaResolverTests {

	private static final Timestamp TIME = Timestamp.newBuilder().setSeconds(7).build();

	private final WeirSchemas schemas = new WeirSchemas(JsonMapper.builder().build());

	private final FakeWeirClient client = new FakeWeirClient();

	private FakeProducer<?> sent(Object value) {
		new WeirTemplate(new DefaultWeirProducerFactory(this.client), this.schemas).send("things", value);
		return this.client.producers.get(0);
	}

	static Stream<Object> valuesWithSchemas() {
		return Stream.of(TIME, new Reading("cellar", 12));
	}

	@ParameterizedTest
	@MethodSource("valuesWithSchemas")
	void valuesOfProtobufAndAvroAreReadAsTheyWereSentAndSayTheirSchema(Object value) {
		Schema<Object> schema = this.schemas.readable(value.getClass());
		Headers headers = Headers.of(Map.of(WeirHeaders.SCHEMA, ((IdentifiedSchema<?>) schema).id()));
		assertThat(schema.decode(this.schemas.any().encode(value).asReadOnlyBuffer(), headers)).isEqualTo(value);
		assertThat(sent(value).sent.get(0).headers()).containsEntry(WeirHeaders.SCHEMA,
				((IdentifiedSchema<?>) schema).id());
	}

	@Test
	void payloadOfAnotherSchemaIsRefusedNamingBoth() {
		Headers headers = Headers.of(Map.of(WeirHeaders.SCHEMA, "protobuf:google.protobuf.Timestamp"));
		for (Type type : List.of(Duration.class, Reading.class, Order.class)) {
			Schema<Object> schema = this.schemas.readable(type);
			String own = (schema instanceof IdentifiedSchema<?> identified) ? identified.id() : Order.class.getName();
			assertThatExceptionOfType(SchemaException.class)
				.isThrownBy(() -> schema.decode(ByteBuffer.wrap(TIME.toByteArray()), headers))
				.withMessageContaining("protobuf:google.protobuf.Timestamp")
				.withMessageContaining(own);
		}
	}

	/** Its fingerprint is another one, for Avro reads none but what it knows. */
	@Test
	void avroSchemaThatHasChangedIsAnotherOne() {
		assertThat(((IdentifiedSchema<?>) this.schemas.of(Reading.class)).id())
			.matches("avro:io\\.weir\\.spring\\.Reading:[0-9a-f]+")
			.isNotEqualTo(((IdentifiedSchema<?>) this.schemas.of(Reading.WithUnit.class)).id());
	}

	@Test
	void payloadThatIsBrokenIsRefusedNamingTheSchema() {
		for (Type type : List.of(Timestamp.class, Reading.class)) {
			Schema<Object> schema = this.schemas.of(type);
			assertThatExceptionOfType(SchemaException.class)
				.isThrownBy(() -> schema.decode(ByteBuffer.wrap(new byte[] { (byte) 0xff })))
				.withMessageContaining(((IdentifiedSchema<?>) schema).id());
		}
	}

	static Stream<Object> bytes() {
		byte[] text = "text".getBytes(StandardCharsets.UTF_8);
		return Stream.of(text, "text", ByteBuffer.wrap(text), ByteBuffer.wrap(text).asReadOnlyBuffer(),
				new ByteArrayInputStream(text), new ByteArrayResource(text),
				(InputStreamSource) () -> new ByteArrayInputStream(text));
	}

	@ParameterizedTest
	@MethodSource("bytes")
	void bytesAreSentAsTheyAreInEveryFormThatJavaAndSpringHave(Object value) {
		FakeProducer<?> producer = sent(value);
		assertThat(producer.sent.get(0).payload()).isEqualTo("text");
		assertThat(producer.sent.get(0).headers()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(classes = { ByteBuffer.class, InputStream.class, Resource.class, ByteArrayResource.class,
			InputStreamSource.class })
	void bytesAreReadInTheseFormsWhateverTheyWereWrittenBy(Class<?> type) throws Exception {
		Headers headers = Headers.of(Map.of(WeirHeaders.SCHEMA, "another"));
		Object read = this.schemas.readable(type)
			.decode(ByteBuffer.wrap(new byte[] { 1, 2 }).asReadOnlyBuffer(), headers);
		assertThat(read).isInstanceOf(type);
		assertThat(this.schemas.any().encode(read)).isEqualTo(ByteBuffer.wrap(new byte[] { 1, 2 }));
	}

	@Test
	void whatBytesCannotBecomeIsRefusedBeforeTheyCome() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.schemas.readable(FileSystemResource.class))
			.withMessageContaining("ByteArrayResource")
			.withMessageContaining("FileSystemResource");
	}

	@Test
	void resolverOfTheApplicationComesFirst() {
		IdentifiedSchema<Timestamp> own = new Versioned();
		WeirSchemas with = new WeirSchemas(JsonMapper.builder().build(),
				List.of((type) -> null, (type) -> (type == Timestamp.class) ? own : null));
		assertThat(with.of(Timestamp.class)).isSameAs(own);
		assertThat(with.of(Duration.class)).isNotSameAs(own);
		assertThat(own.decode(ByteBuffer.allocate(0), Headers.of(Map.of(WeirHeaders.SCHEMA, "times:1"))))
			.isEqualTo(TIME);
	}

	record Order(String id) {
	}

	/** Reads an older version of itself. */
	private static final class Versioned implements IdentifiedSchema<Timestamp> {

		@Override
		public String id() {
			return "times:2";
		}

		@Override
		public boolean reads(@Nullable String id) {
			return id != null && id.startsWith("times:");
		}

		@Override
		public ByteBuffer encode(Timestamp value) {
			return ByteBuffer.allocate(0);
		}

		@Override
		public Timestamp decode(ByteBuffer payload) {
			return TIME;
		}

	}

}
