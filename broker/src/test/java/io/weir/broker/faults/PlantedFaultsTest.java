package io.weir.broker.faults;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.fixtures.faults.FaultTable;
import io.weir.fixtures.faults.FaultyJvm;
import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each planted fault is found by the tests that it names. Two of them in every build, so
 * that faults can still be planted; all with {@code -Pplanted-faults}.
 */
class PlantedFaultsTest {

	private static final FaultTable table = new FaultTable();

	@ParameterizedTest
	@MethodSource
	void plantedFaultMustBeFound(PlantedFault fault) throws Exception {
		Verdict verdict = FaultyJvm.run(fault);
		table.add(fault, verdict);
		assertThat(verdict.outcome()).as(verdict.by()).isEqualTo(Verdict.Outcome.FOUND);
	}

	static List<PlantedFault> plantedFaultMustBeFound() {
		return Boolean.getBoolean("weir.faults.all") ? all()
				: List.of(EngineFault.RECEIPT_BEFORE_STORED, EngineFault.PERMITS_RESET);
	}

	static List<PlantedFault> all() {
		return Stream.<PlantedFault>concat(Arrays.stream(EngineFault.values()), Arrays.stream(DeliveryFault.values()))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("all")
	void methodOfAFaultMustExist(PlantedFault fault) throws ClassNotFoundException {
		assertThat(Arrays.stream(Class.forName(fault.type()).getDeclaredMethods()).map((method) -> method.getName()))
			.as("what %s changes", fault)
			.contains(fault.method());
	}

	@ParameterizedTest
	@MethodSource("all")
	void testsOfAFaultMustExist(PlantedFault fault) {
		assertThat(fault.tests().stream()).allSatisfy(Class::forName);
	}

	@AfterAll
	static void printTable() {
		table.print();
	}

}
