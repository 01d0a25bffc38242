package io.weir.sample.job;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LineProgressTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	@Test
	void printsOneLineForEachTenth() {
		try (LineProgress progress = new LineProgress(1000, new PrintStream(this.out, true, StandardCharsets.UTF_8))) {
			for (int received = 0; received <= 1000; received++) {
				progress.show(1000, received);
			}
		}
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).hasSize(11)
			.contains("published   1,000, received     100 of 1,000");
	}

}
