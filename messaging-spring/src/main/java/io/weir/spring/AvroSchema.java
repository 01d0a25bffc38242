package io.weir.spring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import io.weir.message.SchemaException;

/**
 * Records of Avro, in its binary form, which only those can read who know exactly the
 * schema that they were written by: its fingerprint is part of the id.
 */
final class AvroSchema implements IdentifiedSchema<SpecificRecord> {

	private final SpecificData data;

	private final Schema schema;

	private final String id;

	private AvroSchema(Class<?> type) {
		this.data = new AvroModel(type);
		this.schema = this.data.getSchema(type);
		this.id = "avro:" + this.schema.getFullName() + ":"
				+ Long.toHexString(SchemaNormalization.parsingFingerprint64(this.schema));
	}

	/** That of a generated class. */
	static io.weir.message.@Nullable Schema<?> resolve(Type type) {
		return (type instanceof Class<?> named && SpecificRecord.class.isAssignableFrom(named)
				&& !Modifier.isAbstract(named.getModifiers())) ? new AvroSchema(named) : null;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public ByteBuffer encode(SpecificRecord value) {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(payload, null);
		try {
			new SpecificDatumWriter<SpecificRecord>(this.schema, this.data).write(value, encoder);
		}
		catch (IOException | AvroRuntimeException ex) {
			throw new SchemaException("The value cannot be written by schema '" + this.id + "'", ex);
		}
		return ByteBuffer.wrap(payload.toByteArray());
	}

	@Override
	public SpecificRecord decode(ByteBuffer payload) {
		byte[] bytes = new byte[payload.remaining()];
		payload.get(bytes);
		try {
			return new SpecificDatumReader<SpecificRecord>(this.schema, this.schema, this.data).read(null,
					DecoderFactory.get().binaryDecoder(bytes, null));
		}
		catch (IOException | RuntimeException ex) {
			throw new SchemaException("The payload cannot be read by schema '" + this.id + "'", ex);
		}
	}

}
