package io.weir.sample.modules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** A module of the build, as its pom.xml says. */
record Module(Path folder, Document pom) {

	private static final Path ROOT = Path.of("..");

	/** All modules, in the order of the parent's list. */
	static List<Module> all() {
		return values(read(ROOT), "/project/modules/module").stream()
			.map(ROOT::resolve)
			.map((folder) -> new Module(folder, read(folder)))
			.toList();
	}

	/** The names of all profiles of the build. */
	static Set<String> profiles() {
		String ids = "/project/profiles/profile/id";
		return Stream
			.concat(values(read(ROOT), ids).stream(), all().stream().flatMap((module) -> module.values(ids).stream()))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	static List<Module> published() {
		return all().stream().filter(Module::isPublished).toList();
	}

	boolean isPublished() {
		return !value("/project/properties/maven.deploy.skip").equals("true");
	}

	boolean isJar() {
		return !value("/project/packaging").equals("pom");
	}

	String artifactId() {
		return value("/project/artifactId");
	}

	String moduleName() {
		return value("/project/properties/java.module.name");
	}

	String value(String path) {
		return values(this.pom, path).stream().collect(Collectors.joining());
	}

	List<String> values(String path) {
		return values(this.pom, path);
	}

	/** The packages of its sources that have classes. */
	Set<String> packages() throws IOException {
		return sources().stream()
			.map((file) -> sourceFolder().relativize(file.getParent()).toString().replace('/', '.'))
			.collect(Collectors.toSet());
	}

	/** The files of its sources, without tests. */
	List<Path> sources() throws IOException {
		return files(sourceFolder());
	}

	List<Path> tests() throws IOException {
		return files(this.folder.resolve("src/test/java"));
	}

	private static List<Path> files(Path folder) throws IOException {
		if (!Files.exists(folder)) {
			return List.of();
		}
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList();
		}
	}

	private Path sourceFolder() {
		return this.folder.resolve("src/main/java");
	}

	private static Document read(Path folder) {
		try {
			return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(folder.resolve("pom.xml").toFile());
		}
		catch (Exception ex) {
			throw new IllegalStateException("pom.xml of " + folder, ex);
		}
	}

	private static List<String> values(Document pom, String path) {
		try {
			NodeList nodes = (NodeList) XPathFactory.newInstance()
				.newXPath()
				.evaluate(path, pom, XPathConstants.NODESET);
			List<String> values = new ArrayList<>();
			for (int i = 0; i < nodes.getLength(); i++) {
				values.add(nodes.item(i).getTextContent().strip());
			}
			return values;
		}
		catch (Exception ex) {
			throw new IllegalArgumentException(path, ex);
		}
	}

	@Override
	public String toString() {
		return artifactId();
	}

}
