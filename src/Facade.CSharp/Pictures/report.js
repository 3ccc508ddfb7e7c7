// The slider chooses which epoch's picture is seen. Without scripts the last one is.
const slider = document.getElementById("epoch");
const shown = document.getElementById("shown");
const pictures = [...document.querySelectorAll("figure[data-epoch]")];
function show() {
  pictures.forEach((picture, i) => (picture.hidden = i !== Number(slider.value)));
  shown.value = pictures[slider.value].dataset.epoch;
  slider.setAttribute("aria-valuetext", "epoch " + shown.value);
}
slider.addEventListener("input", show);
show();
