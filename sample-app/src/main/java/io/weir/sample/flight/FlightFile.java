package io.weir.sample.flight;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.springframework.core.io.Resource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads flights from a JSON array, gzipped if the file's name ends with {@code .gz}. */
public final class FlightFile {

	private FlightFile() {
	}

	/**
	 * Reads all flights.
	 * @param file where they are
	 * @param mapper the application's mapper
	 * @return the flights as they stand in the file
	 */
	public static List<Flight> read(Resource file, JsonMapper mapper) {
		try (InputStream in = open(file)) {
			return mapper.readValue(in, new TypeReference<>() {
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read flights from " + file.getDescription(), ex);
		}
	}

	private static InputStream open(Resource file) throws IOException {
		String name = file.getFilename();
		boolean zipped = name != null && name.endsWith(".gz");
		return zipped ? new GZIPInputStream(file.getInputStream()) : file.getInputStream();
	}

}
