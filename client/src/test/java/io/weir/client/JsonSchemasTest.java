package io.weir.client;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import io.weir.message.Schema;
import io.weir.message.SchemaException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonSchemasTest {

	@Test
	void schemaOfTheClassPathWritesAndReadsJson() {
		Schema<Order> schema = Schema.json(Order.class);
		assertThat(text(schema.encode(new Order("a", 2)))).isEqualTo("{\"itemName\":\"a\",\"count\":2}");
		assertThat(schema.decode(bytes("{\"itemName\":\"b\",\"count\":3}").asReadOnlyBuffer()))
			.isEqualTo(new Order("b", 3));
	}

	@Test
	void givenMapperDecides() {
		JsonMapper mapper = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		assertThat(text(JsonSchemas.of(mapper, Order.class).encode(new Order("a", 2)))).contains("item_name");
	}

	@Test
	void genericTypesKeepTheirArguments() {
		Type type = new TypeReference<List<Order>>() {
		}.getType();
		Schema<List<Order>> schema = JsonSchemas.of(JsonMapper.shared(), type);
		assertThat(schema.decode(schema.encode(List.of(new Order("a", 1))))).containsExactly(new Order("a", 1));
	}

	@Test
	void failuresNameTheType() {
		Schema<Order> schema = Schema.json(Order.class);
		assertThatExceptionOfType(SchemaException.class).isThrownBy(() -> schema.decode(bytes("[1")))
			.withMessageContaining("Cannot read a " + Order.class.getName());
		assertThatExceptionOfType(SchemaException.class).isThrownBy(() -> schema.decode(bytes("null")))
			.withMessageContaining("is null");
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String text(ByteBuffer payload) {
		return StandardCharsets.UTF_8.decode(payload).toString();
	}

	record Order(String itemName, int count) {
	}

}
