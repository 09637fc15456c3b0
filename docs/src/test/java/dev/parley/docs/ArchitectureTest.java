package dev.parley.docs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import java.lang.reflect.AnnotatedElement;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;

/** Which module may know which, and what stays out of public signatures. */
@AnalyzeClasses(packages = "dev.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule core_knows_no_other_module = noClasses()
            .that()
            .resideInAPackage("dev.parley.core..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.parley..").and(not(resideInAPackage("dev.parley.core.."))));

    @ArchTest
    static final ArchRule tools_know_core_alone = noClasses()
            .that()
            .resideInAPackage("dev.parley.tools..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.parley..")
                    .and(not(resideInAnyPackage("dev.parley.tools..", "dev.parley.core.."))));

    @ArchTest
    static final ArchRule audio_knows_core_alone = noClasses()
            .that()
            .resideInAPackage("dev.parley.audio..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.parley..")
                    .and(not(resideInAnyPackage("dev.parley.audio..", "dev.parley.core.."))));

    @ArchTest
    static final ArchRule the_testkit_knows_core_and_audio = noClasses()
            .that()
            .resideInAPackage("dev.parley.testkit..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.parley..")
                    .and(not(resideInAnyPackage("dev.parley.testkit..", "dev.parley.core..", "dev.parley.audio.."))));

    @ArchTest
    static final ArchRule internals_are_nobody_elses = classes()
            .that()
            .resideInAPackage("dev.parley..internal..")
            .should(new ArchCondition<>("be used within their module alone") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    item.getDirectDependenciesToSelf().stream()
                            .filter(use -> !module(use.getOriginClass()).equals(module(item)))
                            .forEach(use -> events.add(SimpleConditionEvent.violated(use, use.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule public_packages_have_no_cycles = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                    return javaClass.getPackageName().startsWith("dev.parley")
                            ? SliceIdentifier.of(javaClass.getPackageName().replaceAll("\\.internal(\\..*)?$", ""))
                            : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                    return "packages, each with its internal one";
                }
            })
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule sound_devices_are_audios_alone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.parley.audio..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("javax.sound..");

    @ArchTest
    static final ArchRule only_devices_need_java_desktop = noClasses()
            .that(not(isDevice()))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.sound..", "java.awt..", "javax.swing..");

    @ArchTest
    static final ArchRule the_websocket_is_cores_and_the_rehearsal_servers = noClasses()
            .that()
            .resideOutsideOfPackages("dev.parley.core", "dev.parley.core.internal", "dev.parley.testkit..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("okhttp3..", "mockwebserver3..")
                    // an HTTP client may be handed in where tokens are minted
                    .and(not(type(OkHttpClient.class))));

    @ArchTest
    static final ArchRule others_types_stay_out_of_public_signatures = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat(isPublicFace())
            .should(new ArchCondition<>("name no Jackson, OkHttp or javax.sound type") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    List<JavaClass> types = new ArrayList<>(method.getRawParameterTypes());
                    types.add(method.getRawReturnType());
                    for (JavaClass type : types) {
                        boolean handedInOnPurpose =
                                List.of("OkHttpClient", "ObjectMapper").contains(type.getSimpleName());
                        boolean foreign =
                                type.getPackageName().matches("(com\\.fasterxml|okhttp3|okio|javax\\.sound).*");
                        if (foreign && !handedInOnPurpose) {
                            events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule langchain4j_is_used_by_its_public_face = classes()
            .that()
            .resideInAPackage("dev.parley..")
            .should(
                    new ArchCondition<>(
                            "use what LangChain4j does not mark as @Internal: packages, types and methods") {
                        @Override
                        public void check(JavaClass item, ConditionEvents events) {
                            item.getDirectDependenciesFromSelf().stream()
                                    .filter(use -> isInternalToLangChain4j(use.getTargetClass()))
                                    .forEach(use ->
                                            events.add(SimpleConditionEvent.violated(use, use.getDescription())));
                            Stream.concat(
                                            item.getCodeUnitCallsFromSelf().stream(),
                                            item.getCodeUnitReferencesFromSelf().stream())
                                    .filter(use -> use.getTarget()
                                            .resolveMember()
                                            .map(member -> member.isAnnotatedWith(LANGCHAIN4J_INTERNAL))
                                            .orElse(false))
                                    .forEach(use ->
                                            events.add(SimpleConditionEvent.violated(use, use.getDescription())));
                        }
                    });

    private static final String LANGCHAIN4J_INTERNAL = "dev.langchain4j.Internal";

    private static boolean isInternalToLangChain4j(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("dev.langchain4j")) {
            return false;
        }
        boolean marked = type.isAnnotatedWith(LANGCHAIN4J_INTERNAL)
                || type.getEnclosingClass()
                        .map(ArchitectureTest::isInternalToLangChain4j)
                        .orElse(false);
        return marked || name.matches(".*\\.internal(\\..*)?") || isMarkedWhole(name);
    }

    /** A package's own annotations are in a file of their own, which is imported for nobody's sake but this. */
    private static boolean isMarkedWhole(String packageName) {
        URL info = ArchitectureTest.class.getResource("/" + packageName.replace('.', '/') + "/package-info.class");
        return info != null
                && new ClassFileImporter()
                        .importUrl(info).stream().anyMatch(each -> each.isAnnotatedWith(LANGCHAIN4J_INTERNAL));
    }

    /** Calls a method that is marked, of a type that is not. */
    private static final class CallsWhatIsInternal {
        @SuppressWarnings("UnusedMethod") // read as bytecode
        static Object call() {
            return AiServices.builder((AiServiceContext) null);
        }
    }

    @ArchTest
    static void a_call_of_an_internal_method_of_langchain4j_is_found(JavaClasses ignored) {
        EvaluationResult result = langchain4j_is_used_by_its_public_face.evaluate(
                new ClassFileImporter().importClasses(CallsWhatIsInternal.class));
        assertThat(result.getFailureReport().getDetails())
                .anySatisfy(found -> assertThat(found)
                        .contains("CallsWhatIsInternal.call()> calls method"
                                + " <dev.langchain4j.service.AiServices.builder("));
    }

    /** Beside the readers of plans: what they ask when a toolbox is built, and who makes its threads. */
    private static final Set<String> ASKED_BY_READERS = Set.of(
            "Blueprint",
            "Collected",
            "Elements",
            "Injected",
            "Place",
            "Rules",
            "SensitiveResults",
            "Signatures",
            "ToolThreads",
            "Trial");

    /** A call finds everything in its plan. */
    @ArchTest
    static final ArchRule calls_of_tools_look_no_metadata_up = noClasses()
            .that()
            .resideInAPackage("dev.parley.tools..")
            .and(not(new DescribedPredicate<>("read plans") {
                @Override
                public boolean test(JavaClass type) {
                    String name = type.getName().replaceFirst("^.*\\.(\\w+)(\\$.*)?$", "$1");
                    return name.endsWith("Reader") || ASKED_BY_READERS.contains(name);
                }
            }))
            .should()
            .callMethodWhere(new DescribedPredicate<>("an annotation, a member or a constraint is looked up") {
                @Override
                public boolean test(JavaMethodCall call) {
                    String name = call.getName();
                    boolean annotation = call.getTargetOwner().isAssignableTo(AnnotatedElement.class)
                            && name.matches(
                                    "(get|is)(Declared)?Annotation.*|get(Declared)?(Constructor|Field|Method|RecordComponent)s?"
                                            + "|getParameters");
                    return annotation || name.startsWith("introspect") || name.startsWith("getConstraintsFor");
                }
            });

    private static DescribedPredicate<JavaClass> isDevice() {
        return new DescribedPredicate<>("are a sound device") {
            @Override
            public boolean test(JavaClass type) {
                String name = type.getName();
                return name.startsWith("dev.parley.audio.Microphone")
                        || name.startsWith("dev.parley.audio.Speaker")
                        || name.startsWith("dev.parley.audio.internal.SoundDevice");
            }
        };
    }

    private static DescribedPredicate<JavaClass> isPublicFace() {
        return new DescribedPredicate<>("are public and not internal") {
            @Override
            public boolean test(JavaClass type) {
                return type.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC)
                        && !type.getPackageName().contains(".internal")
                        && !type.getPackageName().contains(".samples");
            }
        };
    }

    private static String module(JavaClass type) {
        return type.getPackageName().replaceFirst("^dev\\.parley\\.(\\w+).*$", "$1");
    }
}
