import java.io.FileInputStream;
import java.io.InputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Asks veraPDF whether each file is what it claims to be; one line a file, then one for each failed rule. */
public final class Judge {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = true;
        for (String name : files) {
            try (InputStream in = new FileInputStream(name);
                    PDFAParser parser = Foundries.defaultInstance().createParser(in)) {
                PDFAFlavour flavour = parser.getFlavour();
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
                ValidationResult result = validator.validate(parser);
                all &= result.isCompliant();
                System.out.printf("%s %s %s (%d assertions)%n",
                        result.isCompliant() ? "CONFORMS" : "DOES NOT CONFORM", flavour, name, result.getTotalAssertions());
                for (TestAssertion each : result.getTestAssertions()) {
                    if (each.getStatus() == TestAssertion.Status.FAILED) {
                        System.out.printf("  %s: %s (%s)%n", each.getRuleId(), each.getMessage(),
                                each.getLocation().getContext());
                    }
                }
            }
        }
        System.exit(all ? 0 : 1);
    }
}
