package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.MetadataStore.Versioned;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataTreeTest {

	private final MetadataTree tree = new MetadataTree();

	private final List<String> told = new ArrayList<>();

	@Test
	void childrenMustBeThoseBelowAKeyAndNotThoseOfItsNeighbours() {
		put("a/1", 1);
		put("a/2/x", 1);
		put("a/2/y", 1);
		put("ab/3", 1);
		put("b", 1);
		assertThat(this.tree.children("a")).containsExactlyInAnyOrder("1", "2");
		assertThat(this.tree.children("a/2")).containsExactlyInAnyOrder("x", "y");
		assertThat(this.tree.children("")).containsExactlyInAnyOrder("a", "ab", "b");
		assertThat(this.tree.children("b")).isEmpty();
	}

	@Test
	void whoeverWatchesAKeyMustBeToldOfItAndOfWhatIsBelow() {
		MetadataStore.Watch watch = this.tree.watch("a", this.told::add);
		put("a", 1);
		put("a/1", 1);
		put("ab", 1);
		put("b/a", 1);
		assertThat(this.told).containsExactly("a", "a/1");
		watch.close();
		put("a", 2);
		assertThat(this.told).hasSize(2);
	}

	@Test
	void whoeverWatchesEverythingMustBeToldOfAll() {
		this.tree.watch("", this.told::add);
		put("a", 1);
		put("b/c", 1);
		assertThat(this.told).containsExactly("a", "b/c");
	}

	@Test
	void whoeverWatchesBadlyMustNotKeepOthersFromBeingTold() {
		this.tree.watch("a", (key) -> {
			throw new IllegalStateException("expected by this test");
		});
		this.tree.watch("a", this.told::add);
		put("a", 1);
		assertThat(this.told).containsExactly("a");
		assertThat(this.tree.version("a")).isOne();
	}

	@Test
	void whatHasChangedOrIsGoneMustBeToldWhenAllIsReplaced() {
		Versioned same = put("a", 1);
		put("b", 1);
		put("gone", 1);
		List<Long> seen = new ArrayList<>();
		this.tree.watch("", (key) -> {
			this.told.add(key);
			seen.add(this.tree.version(key));
		});
		this.tree.replace(Map.of("a", same, "b", value(2), "c", value(1)));
		assertThat(this.told).containsExactly("b", "c", "gone");
		assertThat(seen).as("all is there when it is told").containsExactly(2L, 1L, MetadataStore.NO_VERSION);
		assertThat(this.tree.get("gone")).isEmpty();
		assertThat(this.tree.version("gone")).isEqualTo(MetadataStore.NO_VERSION);
		assertThat(this.tree.version("b")).isEqualTo(2);
	}

	private Versioned put(String key, long version) {
		Versioned value = value(version);
		this.tree.put(key, value);
		return value;
	}

	private static Versioned value(long version) {
		return new Versioned(new byte[] { 1 }, version);
	}

}
