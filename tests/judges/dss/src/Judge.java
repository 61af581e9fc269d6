import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import eu.europa.esig.dss.validation.timestamp.DetachedTimestampValidator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Asks EU DSS, without network. One request a line of the input, by tabs: kind (pdf, container, token; pdf:2 for the
 * second signature of a file), file, stamped data, roots, other certificates, revocation lists (each a list by semicolons), time. One line of answer for each, by
 * tabs: format, verdict under DSS's own policy, verdict where no status of certificates is demanded, first error, times.
 */
public final class Judge {

    private static final String OWN = read("/policy/constraint.xml");
    private static final String UNDEMANDING = OWN
            .replaceAll("<RevocationDataAvailable Level=\"\\w+\" ?/>", "<RevocationDataAvailable Level=\"IGNORE\" />")
            .replaceAll("<AcceptableRevocationDataFound Level=\"\\w+\" ?/>",
                    "<AcceptableRevocationDataFound Level=\"IGNORE\" />");

    private Judge() {
    }

    public static void main(String[] none) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] request = line.split("\t", -1);
            String[] own = judge(request, OWN);
            String[] undemanding = judge(request, UNDEMANDING);
            System.out.println(String.join("\t", own[0], own[1], undemanding[1], own[2], own[3]));
        }
    }

    /** Format, verdict, first error, times. */
    private static String[] judge(String[] request, String policy) {
        try {
            DSSDocument file = new FileDocument(request[1]);
            SignedDocumentValidator validator;
            if (request[0].equals("token")) {
                DetachedTimestampValidator token = new DetachedTimestampValidator(file);
                if (!request[2].isEmpty()) {
                    token.setTimestampedData(new FileDocument(request[2]));
                }
                validator = token;
            } else {
                validator = SignedDocumentValidator.fromDocument(file);
            }
            validator.setCertificateVerifier(verifier(request));
            if (!request[6].isEmpty()) {
                validator.setValidationTime(Date.from(Instant.parse(request[6])));
            }
            Reports reports = validator.validateDocument(new ByteArrayInputStream(policy.getBytes(StandardCharsets.UTF_8)));
            return summary(reports.getSimpleReport(), request[0]);
        } catch (RuntimeException refused) {
            return new String[] {"", "refused", flat(String.valueOf(refused.getMessage())), ""};
        }
    }

    private static CommonCertificateVerifier verifier(String[] request) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        paths(request[3]).forEach(path -> trusted.addCertificate(load(path)));
        CommonCertificateSource others = new CommonCertificateSource();
        paths(request[4]).forEach(path -> others.addCertificate(load(path)));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAdjunctCertSources(others);
        if (!request[5].isEmpty()) {
            verifier.setCrlSource(new ExternalResourcesCRLSource(
                    paths(request[5]).stream().map(FileDocument::new).toArray(DSSDocument[]::new)));
        }
        return verifier;
    }

    private static String[] summary(SimpleReport report, String kind) {
        boolean pdf = kind.startsWith("pdf");
        int number = kind.contains(":") ? Integer.parseInt(kind.substring(kind.indexOf(':') + 1)) : 1;
        List<String> signatures = report.getSignatureIdList();
        String id = pdf ? (signatures.size() < number ? null : signatures.get(number - 1)) : report.getFirstTimestampId();
        if (id == null) {
            return new String[] {"", "no signature", "", ""};
        }
        String sub = report.getSubIndication(id) == null ? "" : "/" + report.getSubIndication(id);
        String errors = report.getAdESValidationErrors(id).stream().map(each -> each.getValue()).findFirst().orElse("");
        String format = pdf ? String.valueOf(report.getSignatureFormat(id)) : "";
        String times = report.getTimestampIdList().stream()
                .map(each -> report.getIndication(each) + "/" + report.getSubIndication(each)).collect(Collectors.joining(" "));
        return new String[] {format, report.getIndication(id) + sub, flat(errors), times};
    }

    private static CertificateToken load(String path) {
        return DSSUtils.loadCertificate(new File(path));
    }

    private static List<String> paths(String joined) {
        return Arrays.stream(joined.split(";")).filter(path -> !path.isEmpty()).collect(Collectors.toList());
    }

    private static String flat(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static String read(String resource) {
        try (InputStream in = Judge.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException error) {
            throw new IllegalStateException(error);
        }
    }
}
